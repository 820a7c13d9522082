using Tft.Contract.Messages;
using Tft.Contract.Metrics;
using Tft.Contract.Servers;

namespace Tft.Tests.Dashboard.Fakes;

/// <summary>One server of a <see cref="FakeFleet"/>.</summary>
internal sealed partial record FakeServer(string Name, ServerProfile Profile)
{
    private const int History = 288;
    private const int Horizon = 96;

    /// <summary>Points of memory per hour ahead.</summary>
    public double MemoryDrift { get; init; }

    /// <summary>Points of CPU per hour ahead.</summary>
    public double CpuDrift { get; init; }
    public bool IsFallback { get; init; }

    /// <summary>How old the last record is.</summary>
    public TimeSpan Age { get; init; } = TimeSpan.FromSeconds(4);

    public HistoryResponse Measured(DateTimeOffset origin) => new()
    {
        ServerName = Name,
        StepSeconds = 300,
        FirstStep = origin.AddSeconds(-300 * History),
        ForecastsKept = true,
        Forecasts = new Dictionary<string, IReadOnlyDictionary<string, PastForecast>> { ["8h"] = Before(origin), ["1h"] = new Dictionary<string, PastForecast>() },
        Measured = MetricCatalog.All.ToDictionary(
            m => m.Name,
            m => (IReadOnlyList<double?>)[.. Enumerable.Range(-History, History).Select(step => Gap(step) ? (double?)null : Math.Round(Value(m, step, origin) + Noise(m, step), 2))]),
    };

    /// <summary>Eight hours before, two points above what it then was, for the last five hours; an hour before, nothing is kept.</summary>
    private Dictionary<string, PastForecast> Before(DateTimeOffset origin) => MetricCatalog.All.ToDictionary(m => m.Name, m =>
    {
        IReadOnlyList<double?> Quantile(double off) => [.. Enumerable.Range(-History, History).Select(step => step < -60 ? (double?)null : Math.Round(Value(m, step, origin) + off, 2))];
        return new PastForecast { P10 = Quantile(0), P50 = Quantile(2), P90 = Quantile(5) };
    });

    public ServerForecast Forecast(DateTimeOffset origin, long snapshot)
    {
        var predictions = MetricCatalog.All.ToDictionary(m => m.Name, m => Of(m, origin));
        var current = MetricCatalog.All.ToDictionary(m => m.Name, m => predictions[m.Name].Current ?? 0);
        var reasons = Reasons(predictions);
        var predicted = reasons.Count == 0 ? 4 + (Hash(9) * 10) : reasons.Max(r => r.Level switch { "critical" => 78.0, "warning" => 52, _ => 27 }) + (Hash(5) * 10);
        return new()
        {
            ServerName = Name,
            ServerId = ServerId.FromName(Name),
            Profile = Profile.Name(),
            State = "healthy",
            Current = current,
            Predictions30m = At(predictions, 5),
            Predictions1h = At(predictions, 11),
            Predictions8h = At(predictions, 95),
            CurrentRisk = predicted * 0.4,
            PredictedRisk = predicted,
            RiskScore = predicted,
            Level = predicted >= 70 ? "critical" : predicted >= 40 ? "warning" : predicted >= 20 ? "watch" : "healthy",
            Prob30m = predicted / 900,
            Prob8h = predicted / 110,
            Reasons = reasons,
            ModelType = IsFallback ? "fallback" : "TFT",
            FallbackReason = IsFallback ? "warming_up" : null,
            FallbackSince = IsFallback ? origin.AddHours(-2) : null,
            LastRecordAt = DateTimeOffset.UtcNow - Age,
            Origin = origin,
            DataAgeS = Age.TotalSeconds,
            Timestamp = DateTimeOffset.UtcNow,
            Snapshot = snapshot,
            StepSeconds = 300,
            FirstStep = origin.AddSeconds(300),
            Quantiles = ["p10", "p50", "p90"],
            Predictions = predictions,
        };
    }

    private MetricForecast Of(MetricDefinition metric, DateTimeOffset origin)
    {
        double[] Quantile(double z) => [.. Enumerable.Range(0, Horizon).Select(step =>
            Math.Round(metric.Clamp((float)(Value(metric, step, origin) + (z * Width(metric) * Math.Sqrt((step + 1) / 12.0)))), 2))];

        return new()
        {
            P10 = Quantile(-1),
            P50 = Quantile(0),
            P90 = Quantile(1),
            Current = Math.Round(Value(metric, -1, origin) + Noise(metric, -1), 2),
            Unit = metric.Unit,
            ModelType = IsFallback ? "fallback" : "TFT",
            Trust = IsFallback ? null : 0.9,
            Quality = new() { Cover80 = 0.81, Skill = 0.23, N = 4032 },
            Thresholds = metric.Id switch
            {
                Metric.CpuIdle => new(20, 10, 5),
                Metric.MemUsed => new(85, 90, 95),
                Metric.SwapUsed => new(10, 25, 50),
                Metric.DiskUsage => new(80, 85, 95),
                Metric.CpuIoWait => new(10, 20, 30),
                _ => null,
            },
        };
    }

    private static List<RiskReason> Reasons(Dictionary<string, MetricForecast> predictions)
    {
        var reasons = new List<RiskReason>();
        Add("mem_used_pct", predictions["mem_used_pct"].P90, [(95, "critical"), (90, "warning"), (85, "watch")], "memory", false);
        Add("cpu_idle_pct", predictions["cpu_idle_pct"].P10, [(5, "critical"), (10, "warning"), (20, "watch")], "CPU idle", true);
        return [.. reasons.OrderBy(r => r.Level switch { "critical" => 0, "warning" => 1, _ => 2 })];

        void Add(string metric, IReadOnlyList<double> edge, (double At, string Level)[] thresholds, string label, bool low)
        {
            foreach (var (at, level) in thresholds)
            {
                var step = edge.ToList().FindIndex(v => low ? v <= at : v >= at);
                if (step >= 0)
                {
                    reasons.Add(new() { Metric = metric, LeadMinutes = (step + 1) * 5, Quantile = low ? "p10" : "p90", Level = level, Threshold = at, Value = edge[step], Text = $"{label} reaches {at:0} % ({level}) by {(low ? "p10" : "p90")} in {(step + 1) * 5} min" });
                    return;
                }
            }
        }
    }

    private static Dictionary<string, Band> At(Dictionary<string, MetricForecast> all, int step) =>
        all.ToDictionary(p => p.Key, p => new Band(p.Value.P10[step], p.Value.P50[step], p.Value.P90[step]));

    private bool Gap(int step) => Hash(3) > 0.8 && step is > -60 and < -52;

    private static double Width(MetricDefinition metric) => metric.Unit switch { "%" => 2.2, "days" => 0, _ => 1.5 };

    private double Value(MetricDefinition metric, int step, DateTimeOffset origin)
    {
        var hour = origin.AddSeconds(step * 300).TimeOfDay.TotalHours;
        var day = Math.Exp(-Math.Pow((hour - 14) / 4.5, 2));
        var ahead = Math.Max(0, step) / 12.0;
        var cpu = 18 + (Hash(1) * 22) + (day * 22) + (CpuDrift * ahead);
        var memory = 48 + (Hash(2) * 26) + (day * 6) + (MemoryDrift > 0 ? 12 + (MemoryDrift * Math.Max(0, (step / 12.0) + 3)) : 0);
        return metric.Clamp((float)(metric.Id switch
        {
            Metric.CpuUser => cpu * 0.75,
            Metric.CpuSys => cpu * 0.2,
            Metric.CpuIoWait => cpu * 0.05,
            Metric.CpuIdle => 100 - cpu,
            Metric.JavaCpu => cpu * 0.6,
            Metric.MemUsed => memory,
            Metric.SwapUsed => Hash(4) * 4,
            Metric.DiskUsage => 40 + (Hash(6) * 30) + (step * 0.004),
            Metric.NetIn => 8 + (day * 30),
            Metric.NetOut => 6 + (day * 21),
            Metric.BackCloseWait => Math.Round(Hash(7) * 3),
            Metric.FrontCloseWait => Math.Round(Hash(8) * 4),
            Metric.LoadAverage => cpu / 8,
            _ => 20 + (Hash(10) * 200) + (step / 288.0),
        }));
    }

    private double Noise(MetricDefinition metric, int step) =>
        metric.Unit == "days" || metric.IsInteger ? 0 : (Mix(step * 31) - 0.5) * Width(metric) * 1.6;

    private double Hash(int salt) => Mix(salt * 7919);

    private double Mix(int salt)
    {
        var h = 2166136261u;
        foreach (var c in Name)
        {
            h = (h ^ c) * 16777619u;
        }

        h = (h ^ (uint)salt) * 2654435761u;
        h ^= h >> 15;
        h *= 2246822519u;
        h ^= h >> 13;
        return h / (double)uint.MaxValue;
    }
}
