using Tft.Forecasting.Data;

namespace Tft.Forecasting.Recipe;

/// <summary>Fits the pooled parts on several servers, and the state of a server on its own history.</summary>
public static class RecipeFit
{
    /// <summary>The pooled parts from the fit parts of the servers.</summary>
    /// <exception cref="InvalidOperationException">No server has enough history.</exception>
    public static RecipeModel Pooled(IReadOnlyList<ServerSeries> servers, RecipeOptions options)
    {
        var ridge = LagRidgeFit.Fit(servers, options.RidgeStep, options.Threads);
        var perServer = new FitSamples[servers.Count][];
        Parallel.For(0, servers.Count, new ParallelOptions { MaxDegreeOfParallelism = options.Threads }, i =>
            perServer[i] = Samples(servers[i].Values, servers[i].SlotOf, Tables(servers[i], options), ridge, 0, servers[i].FitSteps, options));
        var samples = perServer.SelectMany(s => s).Where(s => s.Origins > 0).ToArray();
        if (samples.Length == 0)
            throw new InvalidOperationException($"No server has {Protocol.LookBack + Protocol.Horizon} steps to fit on.");
        var (squares, robust) = LinearBase.Pooled(samples, options);
        var locals = new (float[] Squares, float[] Robust)[samples.Length];
        Each(samples.Length, options, i => locals[i] = LinearBase.Local(samples[i], squares, robust, options));
        float[][] bases = [.. locals.Select(l => l.Robust)];
        var band = BandFit.Pooled(samples, bases, options);
        var bands = new (float[] Band, float[] LogUnit, float[] Quantiles)[samples.Length];
        Each(samples.Length, options, i => bands[i] = BandFit.Local(samples[i], bases[i], band, options));
        return new RecipeModel(ridge, new LearnedSeries(robust, squares, band, Typical([.. bands.Select(b => b.LogUnit)]), Typical([.. bands.Select(b => b.Quantiles)])));
    }

    /// <summary>The cross-fitted tables of the fit part of a server.</summary>
    public static CrossFit Tables(ServerSeries server, RecipeOptions options) =>
        CrossFit.Build(server.Values, server.FirstStep, 0, server.FitSteps, options.Blocks);

    /// <summary>The state of a server from steps start..end-1 of its history.</summary>
    public static LearnedServer Learn(float[][] values, Func<int, int> slotOf, CrossFit tables, int start, int end, RecipeModel model, RecipeOptions options)
    {
        var samples = Samples(values, slotOf, tables, model.Ridge, start, end, options);
        var series = new LearnedSeries[values.Length];
        Each(values.Length, options, m =>
        {
            if (samples[m].Origins == 0)
            {
                series[m] = model.Pooled;
                return;
            }

            var (squares, robust) = LinearBase.Local(samples[m], model.Pooled.Squares, model.Pooled.Base, options);
            var (band, unit, quantiles) = BandFit.Local(samples[m], robust, model.Pooled.Band, options);
            series[m] = new LearnedSeries(robust, squares, band, unit, quantiles);
        });
        return new LearnedServer(tables.All, series);
    }

    /// <summary>The state of a server from its fit part.</summary>
    public static LearnedServer Learn(ServerSeries server, RecipeModel model, RecipeOptions options) =>
        Learn(server.Values, server.SlotOf, Tables(server, options), 0, server.FitSteps, model, options);

    private static FitSamples[] Samples(float[][] values, Func<int, int> slotOf, CrossFit tables, LagRidge ridge, int start, int end, RecipeOptions options) =>
        FitSamples.Of(values, slotOf, tables, ridge, start + Protocol.LookBack, end - Protocol.Horizon, options.OriginStep);

    private static void Each(int count, RecipeOptions options, Action<int> body) =>
        Parallel.For(0, count, new ParallelOptions { MaxDegreeOfParallelism = options.Threads }, body);

    /// <summary>The median over the metrics, entry by entry.</summary>
    private static float[] Typical(float[][] all)
    {
        var typical = new float[all[0].Length];
        var column = new float[all.Length];
        for (var i = 0; i < typical.Length; i++)
        {
            for (var m = 0; m < all.Length; m++)
                column[m] = all[m][i];
            Array.Sort(column);
            typical[i] = (float)Statistics.QuantileOfSorted(column, 0.5);
        }

        return typical;
    }
}
