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
        var perServer = new (FitSamples[] Samples, float[] Cross)[servers.Count];
        Each(servers.Count, options, i => perServer[i] = Samples(servers[i].Values, servers[i].SlotOf, Tables(servers[i], options), ridge, 0, servers[i].FitSteps, options));
        perServer = [.. perServer.Where(s => s.Samples.Length > 0 && s.Samples[0].Origins > 0)];
        FitSamples[] all = [.. perServer.SelectMany(s => s.Samples)];
        if (all.Length == 0)
            throw new InvalidOperationException($"No server has {Protocol.LookBack + Protocol.Horizon} steps to fit on.");
        var (squares, robust) = LinearBase.Pooled(all, options);
        Each(perServer.Length, options, i => Predict(perServer[i].Samples, perServer[i].Cross, squares, robust, options));
        var band = BandFit.Pooled(all, options);
        var bands = new (float[] Band, float[] LogUnit, float[] Quantiles)[all.Length];
        Each(all.Length, options, i => bands[i] = BandFit.Local(all[i], band, options));
        return new RecipeModel(ridge, new LearnedSeries(robust, squares, [], band, Typical([.. bands.Select(b => b.LogUnit)]), Typical([.. bands.Select(b => b.Quantiles)])));
    }

    /// <summary>The cross-fitted tables of the fit part of a server.</summary>
    public static CrossFit Tables(ServerSeries server, RecipeOptions options) =>
        CrossFit.Build(server.Values, server.FirstStep, 0, server.FitSteps, options.Blocks);

    /// <summary>The state of a server from steps start..end-1 of its history.</summary>
    public static LearnedServer Learn(float[][] values, Func<int, int> slotOf, CrossFit tables, int start, int end, RecipeModel model, RecipeOptions options)
    {
        var (samples, cross) = Samples(values, slotOf, tables, model.Ridge, start, end, options);
        var series = new LearnedSeries[values.Length];
        if (samples[0].Origins == 0)
        {
            Array.Fill(series, model.Pooled);
            return new LearnedServer(tables.All, series);
        }

        var learned = Predict(samples, cross, model.Pooled.Squares, model.Pooled.Base, options);
        for (var m = 0; m < series.Length; m++)
        {
            var (band, unit, quantiles) = BandFit.Local(samples[m], model.Pooled.Band, options);
            series[m] = new LearnedSeries(learned[m].Robust, learned[m].Squares, learned[m].Cross, band, unit, quantiles);
        }

        return new LearnedServer(tables.All, series);
    }

    /// <summary>Fits the bases of a server's metrics and predicts its samples with them.</summary>
    private static (float[] Squares, float[] Robust, float[] Cross)[] Predict(FitSamples[] samples, float[] cross, float[] squares, float[] robust, RecipeOptions options)
    {
        var locals = samples.Select(s => LinearBase.Local(s, squares, robust, options)).ToArray();
        var added = options.CrossRidge > 0 ? CrossMetrics.Fit(cross, samples, [.. locals.Select(l => l.Robust)], options.CrossRidge) : null;
        for (var m = 0; m < samples.Length; m++)
            samples[m].Predict(locals[m].Robust, cross, added?[m]);
        return [.. locals.Select((l, m) => (l.Squares, l.Robust, added?[m] ?? []))];
    }

    /// <summary>The state of a server from its fit part.</summary>
    public static LearnedServer Learn(ServerSeries server, RecipeModel model, RecipeOptions options) =>
        Learn(server.Values, server.SlotOf, Tables(server, options), 0, server.FitSteps, model, options);

    private static (FitSamples[] Samples, float[] Cross) Samples(float[][] values, Func<int, int> slotOf, CrossFit tables, LagRidge ridge, int start, int end, RecipeOptions options) =>
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
