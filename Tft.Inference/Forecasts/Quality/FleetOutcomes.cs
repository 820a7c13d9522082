using Tft.Contract.Metrics;

namespace Tft.Inference.Forecasts.Quality;

/// <summary>The outcomes of many servers, by metric, lead and day of the seven days that end today.</summary>
/// <param name="today">Days since 1970.</param>
internal sealed class FleetOutcomes(int today)
{
    private readonly OutcomeSums[] _sums = new OutcomeSums[MetricCatalog.Count * ForecastArchive.Leads.Length * QualitySums.Days];

    public int Servers { get; private set; }

    public int Today => today;

    public void Add(QualitySums server)
    {
        Servers++;
        for (var metric = (Metric)0; (int)metric < MetricCatalog.Count; metric++)
        {
            for (var which = 0; which < ForecastArchive.Leads.Length; which++)
            {
                for (var ago = 0; ago < QualitySums.Days; ago++)
                    _sums[Index(metric, which, ago)].Add(server.Of(which, metric, today - ago));
            }
        }
    }

    /// <summary>Sums over what is not given.</summary>
    /// <param name="metric">Of what.</param>
    /// <param name="which">Index of the lead, or null for all.</param>
    /// <param name="ago">Days before today, or null for all.</param>
    public OutcomeSums Of(Metric metric, int? which = null, int? ago = null)
    {
        var sum = default(OutcomeSums);
        for (var w = 0; w < ForecastArchive.Leads.Length; w++)
        {
            for (var a = 0; a < QualitySums.Days; a++)
            {
                if ((which ?? w) == w && (ago ?? a) == a)
                    sum.Add(_sums[Index(metric, w, a)]);
            }
        }

        return sum;
    }

    private static int Index(Metric metric, int which, int ago) => (((((int)metric) * ForecastArchive.Leads.Length) + which) * QualitySums.Days) + ago;
}
