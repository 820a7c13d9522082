using Tft.Forecasting.Kernels;
using Tft.Forecasting.Trees;

namespace Tft.Forecasting.Recipe;

/// <summary>Grows the forests of a model on the windows that its networks learn from. Minutes, so a training that was stopped begins them anew, with the same result.</summary>
internal static class TreeTraining
{
    /// <summary>Rows that a forest learns from, at most: memory and time do not grow with the fleet.</summary>
    private const int MostRows = 800_000;

    /// <summary>Leads that are taken of a window, at most: neighbours say much the same.</summary>
    private const int MostLeads = 2;

    /// <summary>Grows each forest, after the trees of one that is continued.</summary>
    /// <param name="windows">Windows to learn from.</param>
    /// <param name="options">How.</param>
    /// <param name="before">Forests that are continued; empty for none.</param>
    /// <param name="grown">Told the forest, from 0, and the trees that it has got.</param>
    /// <param name="cancellation">Stops after the running tree.</param>
    public static IReadOnlyList<Forest> Grow(TrainingWindows windows, ForestOptions options, IReadOnlyList<Forest> before, Action<int, int>? grown = null, CancellationToken cancellation = default)
    {
        var forests = new Forest[TreeShape.Forests];
        for (var f = 0; f < forests.Length; f++)
        {
            var forest = f;
            var key = Counter.At((ulong)options.Seed, (ulong)f);
            var continued = before.Count > f ? before[f] : null;
            var (rows, targets, forecasts) = Rows(windows, TreeShape.Leads(f).ToArray(), key, continued, options.Threads, cancellation);
            forests[f] = QuantileBoost.Grow(rows, targets, forecasts, options with { Seed = (int)(key >> 33) }, continued, t => grown?.Invoke(forest, t), cancellation);
        }

        return forests;
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
