using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Tft.Contract.Messages;
using Tft.Contract.Metrics;
using Tft.Contract.Time;

namespace Tft.Inference.Forecasts.Quality;

/// <summary>How the forecasts of one server's metrics did, by lead, in bins of a day over seven days: 4 KB.</summary>
internal sealed class QualitySums
{
    public const int Days = 7;

    private readonly Bin[] _bins = new Bin[ForecastArchive.Leads.Length * MetricCatalog.Count * Days];

    /// <summary>Bytes of <see cref="Content"/>.</summary>
    public static readonly int Bytes = ForecastArchive.Leads.Length * MetricCatalog.Count * Days * Unsafe.SizeOf<Bin>();

    /// <summary>All sums, to be kept over a restart.</summary>
    public Span<byte> Content => MemoryMarshal.AsBytes(_bins.AsSpan());

    public QualitySums Copy()
    {
        var copy = new QualitySums();
        _bins.CopyTo(copy._bins, 0);
        return copy;
    }

    /// <summary>Compares one forecast with what came; the comparison is in half precision, as the forecast was kept.</summary>
    public void Add(int which, Metric metric, long step, in ForecastArchive.Kept kept, float actual)
    {
        var came = ForecastArchive.ToHalf(actual);
        if (Half.IsNaN(came) || Half.IsNaN(kept.P50))
            return;
        var day = (int)(step / TimeGrid.StepsPerDay);
        ref var bin = ref _bins[Index(which, metric, day)];
        if (bin.Day != day)
            bin = new Bin { Day = day };
        bin.Count++;
        bin.Covered += came >= kept.P10 && came <= kept.P90 ? 1 : 0;
        if (Half.IsNaN(kept.Naive))
            return;
        bin.Error += Math.Abs((float)came - (float)kept.P50);
        bin.NaiveError += Math.Abs((float)came - (float)kept.Naive);
    }

    /// <summary>Of all leads over the seven days that end at a step.</summary>
    public ForecastQuality Of(Metric metric, long step)
    {
        var sum = default(OutcomeSums);
        var today = (int)(step / TimeGrid.StepsPerDay);
        for (var which = 0; which < ForecastArchive.Leads.Length; which++)
        {
            for (var day = today - Days + 1; day <= today; day++)
                sum.Add(Of(which, metric, day));
        }

        var figures = sum.Figures;
        return new ForecastQuality { N = figures.N, Cover80 = figures.Cover80, Skill = figures.Skill };
    }

    /// <summary>What came of forecasts for one day, counted from 1970; nothing where it is not kept.</summary>
    public OutcomeSums Of(int which, Metric metric, int day)
    {
        ref readonly var bin = ref _bins[Index(which, metric, day)];
        return bin.Day != day ? default : new OutcomeSums { Count = bin.Count, Covered = bin.Covered, Error = bin.Error, NaiveError = bin.NaiveError };
    }

    private static int Index(int which, Metric metric, int day) => (((which * MetricCatalog.Count) + (int)metric) * Days) + (((day % Days) + Days) % Days);

    /// <summary>At most 288 outcomes: single precision is enough.</summary>
    private struct Bin
    {
        public int Day;
        public int Count;
        public int Covered;
        public float Error;
        public float NaiveError;
    }
}
