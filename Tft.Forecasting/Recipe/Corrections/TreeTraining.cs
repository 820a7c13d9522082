using Tft.Forecasting.Kernels;
using Tft.Forecasting.Trees;

namespace Tft.Forecasting.Recipe.Corrections;

/// <summary>Grows the trees of a model on the windows that its networks learn from. Minutes, so a training that was stopped begins them anew, with the same result.</summary>
internal static class TreeTraining
{
    /// <summary>Rows that are learned from, at most: memory and time do not grow with the fleet.</summary>
    private const int MostRows = 800_000;

    /// <summary>Leads that are taken of a window, at most: neighbours say much the same.</summary>
    private const int MostLeads = 2;

    /// <summary>Grows trees, after those of a model that is continued.</summary>
    /// <param name="windows">Windows to learn from.</param>
    /// <param name="options">How.</param>
    /// <param name="before">Trees that are continued; null for none.</param>
    /// <param name="grown">Told the trees that have grown.</param>
    /// <param name="cancellation">Stops after the running tree.</param>
    public static Forest Grow(TrainingWindows windows, ForestOptions options, Forest? before, Action<int>? grown = null, CancellationToken cancellation = default)
    {
        var key = Counter.At((ulong)options.Seed, 0);
        var (rows, targets, forecasts) = Rows(windows, TreeShape.Leads.ToArray(), key, before, options.Threads, cancellation);
        return QuantileBoost.Grow(rows, targets, forecasts, options with { Seed = (int)(key >> 33) }, before, grown, cancellation);
    }

    private static (BinnedRows Rows, float[] Targets, float[] Forecasts) Rows(TrainingWindows windows, int[] leads, ulong key, Forest? continued, int threads, CancellationToken cancellation)
    {
        var perWindow = (int)Math.Clamp(MostRows / windows.Count, 1, MostLeads);
        var count = (int)Math.Min(windows.Count, MostRows / perWindow);
        var rows = new float[count * perWindow * TreeInputs.Count];
        var (targets, forecasts) = (new float[count * perWindow], new float[count * perWindow * Forest.Outputs]);
        Parallel.For(0, count, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellation }, i =>
        {
            Span<int> chosen = stackalloc int[perWindow];
            var place = Counter.At(key, (ulong)i);
            for (var k = 0; k < perWindow; k++)
            {
                // one of each part of the leads
                var part = leads.Length / perWindow;
                chosen[k] = leads[(k * part) + (int)(Counter.Uniform(Counter.At(place, (ulong)k)) * part)];
            }

            var (at, width) = (i * perWindow, perWindow * TreeInputs.Count);
            var mine = rows.AsSpan(at * TreeInputs.Count, width);
            var quantiles = forecasts.AsSpan(at * Forest.Outputs, perWindow * Forest.Outputs);
            windows.Fill((long)i * windows.Count / count, chosen, mine, targets.AsSpan(at, perWindow), quantiles, Counter.At(place, MostLeads));
            if (continued is null)
                return;
            Span<float> said = stackalloc float[perWindow * Forest.Outputs];
            continued.Predict(mine, said);
            for (var q = 0; q < said.Length; q++)
                quantiles[q] += said[q];
        });
        var seen = DropGaps(rows, targets, forecasts);
        return (BinnedRows.Of(rows.AsMemory(0, seen * TreeInputs.Count), TreeInputs.Count, threads), targets[..seen], forecasts[..(seen * Forest.Outputs)]);
    }

    private static int DropGaps(float[] rows, float[] targets, float[] forecasts)
    {
        var seen = 0;
        for (var i = 0; i < targets.Length; i++)
        {
            if (!float.IsFinite(targets[i]))
                continue;
            if (seen < i)
            {
                targets[seen] = targets[i];
                rows.AsSpan(i * TreeInputs.Count, TreeInputs.Count).CopyTo(rows.AsSpan(seen * TreeInputs.Count));
                forecasts.AsSpan(i * Forest.Outputs, Forest.Outputs).CopyTo(forecasts.AsSpan(seen * Forest.Outputs));
            }

            seen++;
        }

        return seen;
    }
}
