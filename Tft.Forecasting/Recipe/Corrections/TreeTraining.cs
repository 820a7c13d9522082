using Tft.Forecasting.Kernels;
using Tft.Forecasting.Trees;

namespace Tft.Forecasting.Recipe.Corrections;

/// <summary>Grows the trees of a model on the windows that its networks learn from. Minutes, so a training that was stopped begins them anew, with the same result.</summary>
internal static class TreeTraining
{
    /// <summary>Rows that are learned from, at most: memory and time do not grow with the fleet.</summary>
    private const int MostRows = 1_600_000;

    /// <summary>Leads that are taken of a window, at most: neighbours say much the same.</summary>
    private const int MostLeads = 2;

    /// <summary>Rows from which it is learned where bins end.</summary>
    private const int Sample = 40_000;

    /// <summary>Grows trees, after those of a model that is continued.</summary>
    /// <param name="windows">Windows to learn from.</param>
    /// <param name="options">How.</param>
    /// <param name="before">Trees that are continued; null for none.</param>
    /// <param name="grown">Told the trees that have grown.</param>
    /// <param name="cancellation">Stops after the running tree.</param>
    public static Forest Grow(TrainingWindows windows, ForestOptions options, Forest? before, Action<int>? grown = null, CancellationToken cancellation = default)
    {
        var key = Counter.At((ulong)options.Seed, 0);
        var (rows, targets, cells, forecasts) = Rows(windows, key, before, options.Threads, cancellation);
        return QuantileBoost.Grow(rows, targets, cells, forecasts, options with { Seed = (int)(key >> 33) }, before, grown, cancellation);
    }

    private static (BinnedRows Rows, float[] Targets, float[] Cells, float[] Forecasts) Rows(TrainingWindows windows, ulong key, Forest? continued, int threads, CancellationToken cancellation)
    {
        var perWindow = (int)Math.Clamp(MostRows / windows.Count, 1, MostLeads);
        var count = (int)Math.Min(windows.Count, MostRows / perWindow);
        var width = perWindow * TreeInputs.Count;
        var sampled = Math.Min(count, Sample / perWindow);
        var sample = new float[sampled * width];
        var (targets, cells, forecasts) = (new float[count * perWindow], new float[count * perWindow], new float[count * perWindow * Forest.Outputs]);
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellation };
        Parallel.For(0, sampled, parallel, i => Fill((int)((long)i * count / sampled), sample.AsSpan(i * width, width)));
        var binned = new BinnedRows(BinnedRows.CutsOf(sample, TreeInputs.Count, threads), count * perWindow);
        Parallel.For(0, count, parallel, () => new float[width], (i, _, rows) =>
        {
            Fill(i, rows);
            for (var k = 0; k < perWindow; k++)
                binned.Set((i * perWindow) + k, rows.AsSpan(k * TreeInputs.Count, TreeInputs.Count));
            if (continued is null)
                return rows;
            Span<float> said = stackalloc float[perWindow * Forest.Outputs];
            continued.Predict(rows, said);
            for (var q = 0; q < said.Length; q++)
                forecasts[(i * said.Length) + q] += said[q];
            return rows;
        }, static _ => { });
        return (binned, targets, cells, forecasts);

        void Fill(int i, Span<float> rows)
        {
            Span<int> chosen = stackalloc int[perWindow];
            var place = Counter.At(key, (ulong)i);
            for (var k = 0; k < perWindow; k++)
            {
                // one of each part of the leads
                var part = TreeShape.Leads.Length / perWindow;
                chosen[k] = TreeShape.Leads[(k * part) + (int)(Counter.Uniform(Counter.At(place, (ulong)k)) * part)];
            }

            var at = i * perWindow;
            windows.Fill((long)i * windows.Count / count, chosen, rows, targets.AsSpan(at, perWindow), cells.AsSpan(at, perWindow), forecasts.AsSpan(at * Forest.Outputs, chosen.Length * Forest.Outputs));
        }
    }
}
