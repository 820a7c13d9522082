using Tft.Forecasting.Data;
using Tft.Forecasting.Recipe.Base;
using Tft.Forecasting.Recipe.Corrections;

namespace Tft.Forecasting.Recipe.Bands;

/// <summary>
/// Learns the factors of the bands from forecasts of the fit parts. Of servers with weeks: windows seen through tables that were made without their days, and, since days
/// to come differ from those learned from by more than that, days forecast from a state that was learned on the days before them only. Of newcomers: windows seen
/// through the day before them, which is what a newcomer is.
/// </summary>
internal static class BandCalibration
{
    private const int OriginStep = 37;
    private const int LaterStep = 25;

    // shares of the fit part from which a state is learned; the days up to the next share are forecast from it
    private static readonly double[] s_splits = [0.4, 0.55, 0.7, 0.85, 1];

    /// <summary>Factors by what is known of a server and by who forecasts.</summary>
    /// <param name="servers">Servers with their fit parts, of metrics that vary.</param>
    /// <param name="model">Pooled parts.</param>
    /// <param name="networks">Makes the networks that correct the base, once for each server.</param>
    /// <param name="trees">Makes what corrects it beside them, likewise; null where nothing does.</param>
    /// <param name="options">Settings of the recipe; threads do not change the result.</param>
    public static BandScales Fit(IReadOnlyList<ServerSeries> servers, RecipeModel model, Func<IReadOnlyList<IResidualNetwork>> networks, Func<TreeCorrection?> trees, RecipeOptions options)
    {
        var tallies = new Tallies[servers.Count];
        Parallel.For(0, servers.Count, new ParallelOptions { MaxDegreeOfParallelism = options.Threads }, i => tallies[i] = Tally(servers[i], model, networks(), trees(), options with { Threads = 1 }));
        var (fitted, later, newcomer) = (Sum(tallies, t => t.Fitted), Sum(tallies, t => t.Later), Sum(tallies, t => t.Newcomer));
        var (day, dayBase) = (BandScale.OfNewcomers(newcomer.Networks), BandScale.OfNewcomers(newcomer.Base));
        return fitted.Base.IsEmpty
            ? new BandScales(day, dayBase, day, dayBase)
            : new BandScales(BandScale.Of(fitted.Networks, later.Networks), BandScale.Of(fitted.Base, later.Base), day, dayBase);
    }

    private static Tallies Tally(ServerSeries server, RecipeModel model, IReadOnlyList<IResidualNetwork> networks, TreeCorrection? trees, RecipeOptions options)
    {
        var (series, steps) = (server, server.FitSteps);
        var forecaster = new SeriesForecaster(model.Ridge, networks, null, options.Stretch, trees: trees);
        var tallies = new Tallies(new Pair(), new Pair(), new Pair());
        LearnedSeries[] newcomer = [.. Enumerable.Repeat(model.Newcomer, series.Metrics)];
        Count(Protocol.LookBack, steps, OriginStep, origin => LearnedServer.OfNewcomer(series.Values, series.SlotOf, origin, newcomer), tallies.Newcomer);
        if (steps >= RecipeFit.FewestDays * Protocol.Day)
        {
            var tables = RecipeFit.Tables(series, options);
            var learned = RecipeFit.Learn(series.Values, series.SlotOf, tables, 0, steps, model, options);
            Count(Protocol.LookBack, steps, OriginStep, origin => new LearnedServer(tables.For(origin), learned.Series), tallies.Fitted);
            for (var s = 0; s < s_splits.Length - 1; s++)
            {
                var (end, next) = (Split(steps, s), Split(steps, s + 1));
                if (end < RecipeFit.FewestDays * Protocol.Day || next - end <= Protocol.Horizon)
                    continue;
                var state = RecipeFit.Learn(series with { FitSteps = end }, model, options);
                Count(end - 1, next, LaterStep, _ => state, tallies.Later);
            }
        }

        foreach (var network in networks)
            (network as IDisposable)?.Dispose();
        return tallies;

        void Count(int first, int end, int step, Func<int, LearnedServer> known, Pair pair)
        {
            void Receive(int origin, int metric, ReadOnlySpan<float> quantiles, float grid)
            {
                for (var k = 0; k < LeadKnots.Count; k++)
                {
                    var lead = LeadKnots.Leads[k] - 1;
                    var actual = series.Values[metric][origin + 1 + lead];
                    if (!float.IsFinite(actual))
                        continue;
                    Add(pair.Networks, k, actual, quantiles.Slice(lead * 3, 3), grid);
                    Add(pair.Base, k, actual, forecaster.Base.Slice(lead * 3, 3), grid);
                }
            }

            for (var origin = first; origin < end - Protocol.Horizon; origin += step)
                forecaster.Forecast(origin, series.Values, origin, series.SlotOf(origin), known(origin), Receive);
            forecaster.Flush(Receive);
        }
    }

    private static void Add(BandTally tally, int knot, float actual, ReadOnlySpan<float> q, float grid) => tally.Add(knot, actual, q[0], q[1], q[2], grid);

    private static int Split(int steps, int split) => (int)Math.Round(steps * s_splits[split] / Protocol.Day) * Protocol.Day is var end && s_splits[split] < 1 ? end : steps;

    private static Pair Sum(Tallies[] tallies, Func<Tallies, Pair> part)
    {
        var sum = new Pair();
        foreach (var tally in tallies)
        {
            sum.Networks.Add(part(tally).Networks);
            sum.Base.Add(part(tally).Base);
        }

        return sum;
    }

    /// <summary>What the networks' bands would have needed, and the base's.</summary>
    private sealed class Pair
    {
        public BandTally Networks { get; } = new();

        public BandTally Base { get; } = new();
    }

    private sealed record Tallies(Pair Fitted, Pair Later, Pair Newcomer);
}
