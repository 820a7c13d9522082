using Tft.Forecasting.Data;
using Tft.Forecasting.Recipe;
using Tft.Forecasting.Recipe.Base;
using Tft.Forecasting.Recipe.Corrections;

namespace Tft.Forecasting.Models;

/// <summary>A model that a training continues: its networks go on learning, trees follow those that it has, and its pooled parts are renewed, from what it has not seen.</summary>
/// <param name="Name">Name of its folder.</param>
/// <param name="Model">The model.</param>
public sealed record ParentModel(string Name, ForecastModel Model)
{
    /// <summary>The peak learning rate of a training from nothing is multiplied by this: what was learned is to be moved, not shaken.</summary>
    internal const float RateFactor = 0.25f;

    /// <summary>So much the new data weigh at least, however much the parent has seen: a fleet changes.</summary>
    private const double LeastShare = 0.25;

    /// <summary>Options that continue this model: shape, number of networks and recipe are its own.</summary>
    public ModelTrainingOptions Continue(ModelTrainingOptions options) => options with
    {
        Parent = this,
        Networks = Model.Config.Networks,
        NearNetworks = Model.Config.NearNetworks,
        Hidden = Model.Config.Network.Hidden,
        Heads = Model.Config.Network.Heads,
        Dropout = Model.Config.Network.Dropout,
        WideHead = Model.Config.Network.WideHead,
        FutureInputs = Model.Config.Network.Future,
        Trees = Model.Config.Trees == 0 ? 0 : Math.Max(1, (int)(Model.Config.Trees * RateFactor)),
        Recipe = Model.Config.Recipe with { Threads = options.Threads },
    };

    /// <summary>Every reason why a training cannot go on from this model; empty where it can.</summary>
    /// <param name="metrics">The metrics of the data, empty where servers have different ones.</param>
    /// <param name="servers">The data.</param>
    public IEnumerable<string> Differences(IReadOnlyList<string> metrics, IReadOnlyList<ServerSeries> servers)
    {
        var config = Model.Config;
        if (Model.Networks.Count == 0)
            yield return "it has no networks to go on with";
        if (config.Metrics.Count > 0 && !config.Metrics.SequenceEqual(metrics))
        {
            yield return metrics.Count == 0 ? $"it takes {string.Join(", ", config.Metrics)}; the servers of the data do not all have the same metrics"
                : Lists("metrics", config.Metrics, metrics, "the data");
        }

        if (!config.PastInputs.SequenceEqual(NetworkInputs.PastNames))
            yield return Lists("inputs of the past", config.PastInputs, NetworkInputs.PastNames, "this version");
        // a network may take fewer inputs than there are: the first of them
        string[] inputs = [.. NetworkInputs.FutureNames.Take(config.Network.Future)];
        if (!config.FutureInputs.SequenceEqual(inputs))
            yield return Lists("inputs of the future", config.FutureInputs, inputs, "this version");
        var shape = NetworkShape.Of(config.Network.Hidden, config.Network.Heads, config.Network.Dropout, config.Network.WideHead);
        if (!config.Network.Quantiles.SequenceEqual(shape.Quantiles))
            yield return $"its quantiles are {string.Join(", ", config.Network.Quantiles)}, those of this version {string.Join(", ", shape.Quantiles)}";
        if ((config.Network.Encoder, config.Network.Decoder) != (shape.Encoder, shape.Decoder))
            yield return $"it sees {config.Network.Encoder} and forecasts {config.Network.Decoder} steps, this version {shape.Encoder} and {shape.Decoder}";
        if (Model.Info.DataHash is { } seen && seen == SeriesHash.Of(servers))
            yield return "it was trained on the same data";
        else if (servers.All(s => s.FitSteps - FirstNew(s) < Protocol.Horizon))
            yield return $"nothing of the data is new: it was fitted up to step {Model.Info.FitUntilStep}, they are up to {servers.Max(s => s.FirstStep + s.FitSteps) - 1}";
    }

    /// <summary>The first step of a server that this model was not fitted on.</summary>
    internal int FirstNew(ServerSeries server) =>
        Model.Info.FitUntilStep is { } until && Model.Mapping.NameToId.ContainsKey(server.Name) ? (int)Math.Clamp(until + 1 - server.FirstStep, 0, server.Steps) : 0;

    /// <summary>Pooled parts between this model's and those of the data, by the server-days behind each. All of them are coefficients, quantiles and logarithms, of which a mean makes sense.</summary>
    internal RecipeModel Renewed(RecipeModel fitted, IReadOnlyList<ServerSeries> servers)
    {
        var days = servers.Sum(s => (double)Math.Max(0, s.FitSteps - FirstNew(s))) / Protocol.Day;
        var share = (float)(Model.Info.ServerDays is { } seen ? Math.Max(LeastShare, days / (days + seen)) : 0.5);
        float[] Mean(float[] old, float[] now) => [.. old.Zip(now, (a, b) => a + (share * (b - a)))];
        LearnedSeries Part(LearnedSeries old, LearnedSeries now) =>
            new(Mean(old.Base, now.Base), Mean(old.Squares, now.Squares), [], Mean(old.Band, now.Band), Mean(old.LogUnit, now.LogUnit), Mean(old.Quantiles, now.Quantiles));
        LearnedSeries Series(LearnedSeries old, LearnedSeries now) =>
            Part(old, now) with { ByRegularity = [.. now.ByRegularity.Select((set, i) => i < old.ByRegularity.Count ? Part(old.ByRegularity[i], set) : Part(old, set))] };
        var recipe = Model.Recipe;
        return new RecipeModel(new LagRidge(Mean(recipe.Ridge.Weights, fitted.Ridge.Weights)), Series(recipe.Pooled, fitted.Pooled), Series(recipe.Newcomer, fitted.Newcomer));
    }

    private static string Lists(string what, IReadOnlyList<string> own, IReadOnlyList<string> others, string whose)
    {
        string[] lacks = [.. others.Except(own)], more = [.. own.Except(others)];
        var difference = string.Join(" and ", new[] { lacks.Length > 0 ? $"lacks {string.Join(", ", lacks)}" : "", more.Length > 0 ? $"also has {string.Join(", ", more)}" : "" }.Where(t => t.Length > 0));
        return $"of the {what} of {whose} it {(difference.Length > 0 ? difference : "has another order")}";
    }
}
