using Tft.Contract.Messages;
using Tft.Contract.Metrics;
using Tft.Contract.Time;
using Tft.Inference.Forecasts.Online;
using Tft.Inference.Forecasts.Quality;
using Tft.Inference.Forecasts.Snapshots;

namespace Tft.Inference.Serving.Quality;

/// <summary>Adds up what came of the fleet's forecasts; at most every ten seconds, however many ask.</summary>
internal sealed class FleetQualityReport(SnapshotStore snapshots, QualityTracker tracker, OnlineBook online, TimeProvider time)
{
    private static readonly TimeSpan s_kept = TimeSpan.FromSeconds(10);
    private static readonly string[] s_leads = ["1h", "8h"];

    private readonly Lock _gate = new();
    private FleetQualityResponse? _last;

    public FleetQualityResponse Current
    {
        get
        {
            lock (_gate)
            {
                var now = time.GetUtcNow();
                return _last is { } last && (now - last.Timestamp).Duration() < s_kept ? last : _last = Make(now);
            }
        }
    }

    private FleetQualityResponse Make(DateTimeOffset now)
    {
        var snapshot = snapshots.Current;
        var outcomes = new FleetOutcomes((int)(TimeGrid.StepOf(now) / TimeGrid.StepsPerDay));
        tracker.AddTo(outcomes);
        var (counts, reasons) = Count(snapshot);
        return new FleetQualityResponse
        {
            Timestamp = now,
            Snapshot = snapshot.Number,
            Model = snapshot.Model,
            Servers = snapshot.Totals.Servers,
            Compared = outcomes.Servers,
            FallbackReasons = reasons,
            Series = new(counts.Sum(c => c.Networks), counts.Sum(c => c.Mixed), counts.Sum(c => c.FallbackBetter), counts.Sum(c => c.Rules)),
            Overall = Middle(MetricCatalog.All.Select(m => outcomes.Of(m.Id))),
            Metrics =
            [
                .. MetricCatalog.All.Select(m => new MetricQuality
                {
                    Metric = m.Name,
                    Quality = outcomes.Of(m.Id).Figures,
                    Leads = s_leads.Select((name, which) => (name, outcomes.Of(m.Id, which).Figures)).ToDictionary(l => l.name, l => l.Figures),
                    Series = counts[(int)m.Id],
                }),
            ],
            Days =
            [
                .. Enumerable.Range(0, QualitySums.Days).Reverse().Select(ago => new DayQuality(
                    DateTimeOffset.UnixEpoch.AddDays(outcomes.Today - ago), Middle(MetricCatalog.All.Select(m => outcomes.Of(m.Id, ago: ago))))),
            ],
        };
    }

    private static QualityFigures Middle(IEnumerable<OutcomeSums> metrics)
    {
        var figures = metrics.Select(m => m.Figures).Where(f => f.N > 0).ToList();
        return new(figures.Sum(f => f.N), Middle(figures.Select(f => f.Cover80)), Middle(figures.Select(f => f.Skill)));
    }

    private static double? Middle(IEnumerable<double?> values)
    {
        var sorted = values.OfType<double>().Order().ToList();
        return sorted.Count == 0 ? null : Math.Round((sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2, 3);
    }

    private (SeriesCounts[] ByMetric, Dictionary<string, int> Reasons) Count(FleetSnapshot snapshot)
    {
        var reasons = new Dictionary<string, int>(StringComparer.Ordinal);
        Span<int> counts = stackalloc int[MetricCatalog.Count * 4];
        counts.Clear();
        foreach (var block in snapshot.Blocks)
        {
            foreach (var server in block.Servers)
            {
                if (server is null)
                    continue;
                if (server.Note.FallbackReason is { } reason)
                    reasons[reason] = reasons.GetValueOrDefault(reason) + 1;
                var followed = online.Find(server.Number, server.Name);
                for (var metric = (Metric)0; (int)metric < MetricCatalog.Count; metric++)
                {
                    if (block.Forecasts.Has(server.Number - block.First, metric))
                        counts[((int)metric * 4) + KindOf(server, metric, followed)]++;
                }
            }
        }

        var byMetric = new SeriesCounts[MetricCatalog.Count];
        for (var m = 0; m < byMetric.Length; m++)
            byMetric[m] = new(counts[m * 4], counts[(m * 4) + 1], counts[(m * 4) + 2], counts[(m * 4) + 3]);
        return (byMetric, reasons);
    }

    private static int KindOf(ServerSnapshot server, Metric metric, FollowedServer? followed) =>
        server.Note.Rejected.Has(metric) ? 2
        : !server.Note.Networks.Has(metric) ? 3
        : (followed?.Trust.Of((int)metric) ?? 1) >= 0.5 ? 0 : 1;
}
