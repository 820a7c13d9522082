using Tft.Contract.Messages;
using Tft.Contract.Servers;

namespace Tft.Tests.Dashboard.Fakes;

/// <summary>A made-up fleet: every number follows from the server's name, so that a test knows what it will see.</summary>
internal sealed class FakeFleet
{
    private static readonly (string Prefix, ServerProfile Profile)[] s_kinds =
    [
        ("ppml", ServerProfile.MlCompute), ("ppdb", ServerProfile.Database), ("ppweb", ServerProfile.WebApi),
        ("ppcon", ServerProfile.ConductorMgmt), ("ppetl", ServerProfile.DataIngest), ("pprisk", ServerProfile.RiskAnalytics),
    ];

    private readonly Dictionary<string, FakeServer> _servers = new(StringComparer.Ordinal);

    private readonly Dictionary<string, ServerForecast> _forecasts = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();
    private DateTimeOffset _forecastFrom;

    public IReadOnlyDictionary<string, FakeServer> Servers => _servers;

    /// <summary>End of the last closed bucket.</summary>
    public DateTimeOffset Origin { get; set; } = DateTimeOffset.FromUnixTimeSeconds(DateTimeOffset.UtcNow.ToUnixTimeSeconds() / 300 * 300);

    /// <summary>A fleet of <paramref name="count"/> servers of all profiles; each tenth runs out of memory, each thirteenth out of CPU.</summary>
    public static FakeFleet Of(int count)
    {
        var fleet = new FakeFleet();
        for (var i = 0; i < count; i++)
        {
            var (prefix, profile) = s_kinds[i % s_kinds.Length];
            fleet.Add(new($"{prefix}{(i / s_kinds.Length) + 1:0000}", profile)
            {
                MemoryDrift = i % 10 == 3 ? 1.6 : 0,
                CpuDrift = i % 13 == 5 ? 3.5 : 0,
            });
        }

        return fleet;
    }

    public void Add(FakeServer server)
    {
        lock (_gate)
        {
            _servers[server.Name] = server;
        }
    }

    public void Remove(string name)
    {
        lock (_gate)
        {
            _servers.Remove(name);
        }
    }

    public StatusResponse Status(long snapshot, long records) => new()
    {
        Running = true,
        TickCount = records / 20,
        WindowSize = 288L * _servers.Count,
        StartedAt = Origin.AddHours(-3),
        Warmup = Warmup(),
        Model = Model,
        Snapshot = new() { Number = snapshot, AgeS = 2, DurationMs = 61, Servers = _servers.Count, Fallback = _servers.Values.Count(s => s.IsFallback) },
        Journal = new() { Kind = "embedded", State = "ok", Durability = "process", LagRecords = 0 },
        Sources =
        [
            new() { Name = "simulator", LastPush = DateTimeOffset.UtcNow, LagS = 2.1, Records = records, Rejected = 0 },
            new() { Name = "host", LastPush = DateTimeOffset.UtcNow.AddMinutes(-4), LagS = 240, Records = records / 20, Rejected = 3, RejectedByCode = new Dictionary<string, long> { ["out_of_range"] = 2, ["too_late"] = 1 } },
        ],
    };

    public PredictResponse Page(long snapshot, string? after, int limit, string[]? metrics = null)
    {
        var names = _servers.Keys.Order(StringComparer.Ordinal).Where(n => after is null || string.CompareOrdinal(n, after) > 0).Take(limit + 1).ToList();
        var page = names.Take(limit).ToList();
        var forecasts = Forecasts(snapshot);
        var all = forecasts.Values;
        return new()
        {
            Predictions = page.ToDictionary(n => n, n => Only(forecasts[n], metrics)),
            Timestamp = DateTimeOffset.UtcNow,
            Snapshot = snapshot,
            Model = Model,
            Environment = new()
            {
                Prob30m = 1 - all.Aggregate(1.0, (p, f) => p * (1 - f.Prob30m)),
                Prob8h = 1 - all.Aggregate(1.0, (p, f) => p * (1 - f.Prob8h)),
                ExpectedIncidents30m = all.Sum(f => f.Prob30m),
                ExpectedIncidents8h = all.Sum(f => f.Prob8h),
                Calibrated = false,
                HighRiskServers = all.Count(f => f.RiskScore >= 40),
                TotalServers = all.Count,
                FleetHealth = all.Count == 0 || all.Max(f => f.RiskScore) < 20 ? "healthy" : all.Max(f => f.RiskScore) >= 70 ? "critical" : "warning",
            },
            Warmup = Warmup(),
            Next = names.Count > limit ? page[^1] : null,
        };
    }

    private static ServerPrediction Only(ServerPrediction prediction, string[]? metrics) => metrics is null ? prediction : prediction with
    {
        Current = prediction.Current.Where(p => metrics.Contains(p.Key)).ToDictionary(),
        Predictions30m = prediction.Predictions30m.Where(p => metrics.Contains(p.Key)).ToDictionary(),
        Predictions1h = prediction.Predictions1h.Where(p => metrics.Contains(p.Key)).ToDictionary(),
        Predictions8h = prediction.Predictions8h.Where(p => metrics.Contains(p.Key)).ToDictionary(),
    };

    // Made once per origin: a page of a big fleet must not take seconds.
    private Dictionary<string, ServerForecast> Forecasts(long snapshot)
    {
        lock (_gate)
        {
            if (_forecastFrom != Origin || _forecasts.Count != _servers.Count)
            {
                _forecastFrom = Origin;
                _forecasts.Clear();
                foreach (var (name, server) in _servers)
                {
                    _forecasts[name] = server.Forecast(Origin, snapshot);
                }
            }

            return _forecasts;
        }
    }

    private WarmupInfo Warmup() => new()
    {
        IsWarmedUp = true,
        ProgressPercent = 100,
        Threshold = 288,
        CurrentSize = 288,
        RequiredSize = 288,
        ServersReady = _servers.Count,
        ServersTracked = _servers.Count,
        Message = $"Model ready: {_servers.Count}/{_servers.Count} servers",
    };

    private static readonly ModelInfo s_model = new() { Type = "TFT", Version = "tft_model_20251017_122454", Engine = "managed", Device = "cpu", LoadedAt = DateTimeOffset.UnixEpoch };

    private static ModelInfo Model => s_model;
}
