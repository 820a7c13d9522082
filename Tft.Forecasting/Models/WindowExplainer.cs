using Tft.Forecasting.Data;
using Tft.Forecasting.Network;
using Tft.Forecasting.Recipe.Corrections;
using Tft.Forecasting.State;

namespace Tft.Forecasting.Models;

/// <summary>What the networks looked at in a window: means over the networks of a model that look all eight hours ahead.</summary>
/// <param name="History">[metrics][5] selection weights of the past, means over the steps, each row summing to 1.</param>
/// <param name="Future">[metrics][23] selection weights of the steps ahead, fewer of a model with fewer inputs, likewise.</param>
/// <param name="Others">[metrics][metrics] with which weight the anomalies of the other metrics enter a metric's input.</param>
/// <param name="Attention">[leads][192] where a step ahead looks: 96 steps of the past, 96 ahead; mean over metrics and heads, each row summing to 1.</param>
public sealed record WindowExplanation(float[][] History, float[][] Future, float[][] Others, float[][] Attention)
{
    /// <summary>Names of the variables of the past.</summary>
    public static IReadOnlyList<string> HistoryNames => NetworkInputs.PastNames;

    /// <summary>Names of the variables of the steps ahead.</summary>
    public static IReadOnlyList<string> FutureNames => NetworkInputs.FutureNames;

    /// <summary>Steps of the past that the networks see.</summary>
    public static int PastSteps => NetworkInputs.Encoder;
}

/// <summary>Reads selection weights and attention out of the networks, for one window at a time.</summary>
public sealed class WindowExplainer(LoadedNetworks networks)
{
    private readonly Lock _gate = new();

    /// <summary>Explains the forecast of a window.</summary>
    /// <param name="values">[metrics][288], oldest first; NaN is a gap.</param>
    /// <param name="lastStep">Number of the last step.</param>
    /// <param name="leads">Steps ahead whose attention is wanted, 1..96.</param>
    /// <param name="kept">The server's state, where one is kept.</param>
    /// <returns>Null where the model has no network.</returns>
    public WindowExplanation? Explain(float[][] values, long lastStep, ReadOnlySpan<int> leads, (PackedTables Tables, PackedCoefficients? Coefficients)? kept = null)
    {
        if (networks.Networks.Count == 0)
            return null;
        lock (_gate)
        {
            EngineCorrection[] corrections = [.. networks.Networks.Select(n => new EngineCorrection(n, values.Length, explains: true))];
            var forecaster = new WindowForecaster(networks.Model, corrections, static (_, _, _) => { }, values.Length);
            var tables = (kept is { } known ? forecaster.Look(known.Tables, known.Coefficients) : forecaster.Look(values, lastStep)).Tables;
            if (kept is { } state)
                forecaster.Forecast(0, values, lastStep, state.Tables, state.Coefficients);
            else
                forecaster.Forecast(0, values, lastStep);
            forecaster.Flush();
            Explanation[] seen = [.. corrections.Where(c => c.Leads == Protocol.Horizon).Select(c => c.Explanation!)];
            var config = networks.Model.Config.Network;
            var others = Enumerable.Range(0, values.Length).Select(m => tables.Cross.AsSpan(m * values.Length, values.Length).ToArray()).ToArray();
            return new WindowExplanation(
                Selection(seen, e => e.HistoryWeights, values.Length, config.Encoder, config.HistoryVariables),
                Selection(seen, e => e.FutureWeights, values.Length, config.Decoder, config.FutureVariables),
                others,
                [.. leads.ToArray().Select(lead => Attention(seen, config, values.Length, lead - 1))]);
        }
    }

    private static float[][] Selection(Explanation[] seen, Func<Explanation, float[]> weights, int metrics, int steps, int variables)
    {
        var mean = new float[metrics][];
        for (var m = 0; m < metrics; m++)
        {
            var row = mean[m] = new float[variables];
            foreach (var each in seen)
            {
                var of = weights(each).AsSpan(m * steps * variables, steps * variables);
                for (var i = 0; i < of.Length; i++)
                    row[i % variables] += of[i] / (steps * seen.Length);
            }
        }

        return mean;
    }

    private static float[] Attention(Explanation[] seen, TftConfig config, int metrics, int lead)
    {
        var mean = new float[config.Steps];
        foreach (var each in seen)
        {
            for (var row = 0; row < metrics * config.Heads; row++)
            {
                var of = each.Attention.AsSpan(((row * config.Decoder) + lead) * config.Steps, config.Steps);
                for (var t = 0; t < of.Length; t++)
                    mean[t] += of[t] / (metrics * config.Heads * seen.Length);
            }
        }

        return mean;
    }
}
