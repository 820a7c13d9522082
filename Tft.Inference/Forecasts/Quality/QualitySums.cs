using Tft.Contract.Messages;
using Tft.Contract.Metrics;
using Tft.Contract.Time;

namespace Tft.Inference.Forecasts.Quality;

/// <summary>How the forecasts of one server's metrics did, in bins of a day over seven days.</summary>
internal sealed class QualitySums
{
    private const int Days = 7;

    private readonly Bin[] _bins = new Bin[MetricCatalog.Count * Days];

    /// <summary>Compares one forecast with what came; the comparison is in half precision, as the forecast was kept.</summary>
    public void Add(Metric metric, long step, in ForecastArchive.Kept kept, float actual)
    {
        var came = ForecastArchive.ToHalf(actual);
        if (Half.IsNaN(came) || Half.IsNaN(kept.P50))
            return;
        ref var bin = ref BinOf(metric, step / TimeGrid.StepsPerDay);
        bin.Count++;
        bin.Covered += came >= kept.P10 && came <= kept.P90 ? 1 : 0;
        if (Half.IsNaN(kept.Naive))
            return;
        bin.Error += Math.Abs((float)came - (float)kept.P50);
        bin.NaiveError += Math.Abs((float)came - (float)kept.Naive);
    }

    /// <summary>
    /// Coverage of the 80 % band, and skill = 1 - mean absolute error of p50 / that of seasonal naive, over the seven days that end at a step.
    /// </summary>
    public ForecastQuality Of(Metric metric, long step)
    {
        var sum = default(Bin);
        var today = step / TimeGrid.StepsPerDay;
        for (var day = today - Days + 1; day <= today; day++)
        {
            ref readonly var bin = ref _bins[Index(metric, day)];
            if (bin.Day != day)
                continue;
            sum.Count += bin.Count;
            sum.Covered += bin.Covered;
            sum.Error += bin.Error;
            sum.NaiveError += bin.NaiveError;
        }

        return new ForecastQuality
        {
            N = sum.Count,
            Cover80 = sum.Count > 0 ? Math.Round((double)sum.Covered / sum.Count, 3) : null,
            Skill = sum.NaiveError > 0 ? Math.Round(1 - (sum.Error / sum.NaiveError), 3) : null,
        };
    }

    private ref Bin BinOf(Metric metric, long day)
    {
        ref var bin = ref _bins[Index(metric, day)];
        if (bin.Day != day)
            bin = new Bin { Day = day };
        return ref bin;
    }

    private static int Index(Metric metric, long day) => ((int)metric * Days) + (int)(((day % Days) + Days) % Days);

    private struct Bin
    {
        public long Day;
        public int Count;
        public int Covered;
        public double Error;
        public double NaiveError;
    }
}
