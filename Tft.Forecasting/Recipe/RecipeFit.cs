using Tft.Forecasting.Data;
using Tft.Forecasting.Recipe.Bands;
using Tft.Forecasting.Recipe.Base;
using Tft.Forecasting.Recipe.Tables;

namespace Tft.Forecasting.Recipe;

/// <summary>Fits the pooled parts on several servers, and the state of a server on its own history.</summary>
public static class RecipeFit
{
    /// <summary>With fewer days a server is a newcomer: nothing of it can be left out to see what its tables are worth.</summary>
    public const int FewestDays = 4;

    // a set of coefficients by regularity needs metrics, and of each so many windows
    private const int FewestSeries = 30;
    private const int FewestWindows = 5;

    /// <summary>The pooled parts from the fit parts of the servers.</summary>
    /// <exception cref="InvalidOperationException">No server has enough history.</exception>
    public static RecipeModel Pooled(IReadOnlyList<ServerSeries> servers, RecipeOptions options)
    {
        var ridge = LagRidgeFit.Fit(servers, options.RidgeStep, options.Threads);
        var perServer = new (FitSamples[] Samples, float[] Cross)[servers.Count];
        Each(servers.Count, options, i =>
        {
            var tables = Tables(servers[i], options);
            perServer[i] = Samples(servers[i].Values, servers[i].SlotOf, tables.For, ridge, 0, servers[i].FitSteps, options.OriginStep, options);
        });
        perServer = [.. perServer.Where(s => s.Samples.Length > 0 && s.Samples[0].Origins > 0)];
        FitSamples[] all = [.. perServer.SelectMany(s => s.Samples)];
        if (all.Length == 0)
            throw new InvalidOperationException($"No server has {Protocol.LookBack + Protocol.Horizon} steps to fit on.");
        var (squares, robust) = LinearBase.Pooled(all, options);
        Each(perServer.Length, options, i => Predict(perServer[i].Samples, perServer[i].Cross, squares, robust, options));
        var band = BandFit.Pooled(all, options);
        return new RecipeModel(ridge, Typical(all, squares, robust, band, options, oneUnit: false), Newcomer(servers, ridge, options));
    }

    /// <summary>The coefficients for a server of which only the window itself is known.</summary>
    private static LearnedSeries Newcomer(IReadOnlyList<ServerSeries> servers, LagRidge ridge, RecipeOptions options)
    {
        var perServer = new FitSamples[servers.Count][];
        Each(servers.Count, options, i =>
        {
            var s = servers[i];
            perServer[i] = Samples(s.Values, s.SlotOf, origin => CrossFit.OneDay(s.Values, s.SlotOf, origin), ridge, 0, s.FitSteps, options.NewcomerStep, options).Samples;
        });
        FitSamples[] all = [.. perServer.SelectMany(s => s)];
        var newcomer = OneDay(all, options);
        return newcomer with { ByRegularity = [.. Enumerable.Range(0, RegularityClasses.Count).Select(set => Regular(all, set, options) ?? newcomer)] };
    }

    /// <summary>A newcomer's coefficients from the windows near a regularity; null where there are too few.</summary>
    private static LearnedSeries? Regular(FitSamples[] all, int set, RecipeOptions options)
    {
        var some = new FitSamples[all.Length];
        Each(all.Length, options, i => some[i] = all[i].Only(regularity => RegularityClasses.IsNear(regularity, set)));
        some = [.. some.Where(s => s.Origins >= FewestWindows)];
        return some.Length < FewestSeries ? null : OneDay(some, options);
    }

    private static LearnedSeries OneDay(FitSamples[] samples, RecipeOptions options)
    {
        var (squares, robust) = LinearBase.Pooled(samples, options);
        Each(samples.Length, options, i => samples[i].Predict(robust, [], []));
        return Typical(samples, squares, robust, BandFit.Pooled(samples, options, oneUnit: true), options, oneUnit: true);
    }

    /// <summary>Pooled coefficients with the units and quantiles of a typical metric.</summary>
    private static LearnedSeries Typical(FitSamples[] samples, float[] squares, float[] robust, float[] band, RecipeOptions options, bool oneUnit)
    {
        var bands = new (float[] Band, float[] LogUnit, float[] Quantiles)[samples.Length];
        Each(samples.Length, options, i => bands[i] = BandFit.Local(samples[i], band, options, oneUnit));
        return new LearnedSeries(robust, squares, [], band, Median([.. bands.Select(b => b.LogUnit)]), Median([.. bands.Select(b => b.Quantiles)]));
    }

    /// <summary>The cross-fitted tables of the fit part of a server.</summary>
    public static CrossFit Tables(ServerSeries server, RecipeOptions options) =>
        CrossFit.Build(server.Values, server.FirstStep, 0, server.FitSteps, options.Blocks);

    /// <summary>The state of a server from steps start..end-1 of its history.</summary>
    public static LearnedServer Learn(float[][] values, Func<int, int> slotOf, CrossFit tables, int start, int end, RecipeModel model, RecipeOptions options)
    {
        var (samples, cross) = Samples(values, slotOf, tables.For, model.Ridge, start, end, options.OriginStep, options);
        var series = new LearnedSeries[values.Length];
        if (end - start < FewestDays * Protocol.Day)
        {
            Array.Fill(series, model.Newcomer);
            return new LearnedServer(tables.All, series) { IsNewcomer = true };
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

    private static (FitSamples[] Samples, float[] Cross) Samples(
        float[][] values, Func<int, int> slotOf, Func<int, ServerTables> tablesAt, LagRidge ridge, int start, int end, int originStep, RecipeOptions options) =>
        FitSamples.Of(values, slotOf, tablesAt, ridge, start + Protocol.LookBack, end - Protocol.Horizon, originStep, options.Stretch);

    private static void Each(int count, RecipeOptions options, Action<int> body) =>
        Parallel.For(0, count, new ParallelOptions { MaxDegreeOfParallelism = options.Threads }, body);

    /// <summary>The median over the metrics, entry by entry.</summary>
    private static float[] Median(float[][] all)
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
