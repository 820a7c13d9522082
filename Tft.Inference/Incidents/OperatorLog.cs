using Tft.Contract.Messages;
using Tft.Inference.Alerts;
using Tft.Inference.Forecasts;
using Tft.Inference.Forecasts.Snapshots;
using Tft.Inference.Windows;

namespace Tft.Inference.Incidents;

/// <summary>An alert that was announced.</summary>
/// <param name="Server">Of which server.</param>
/// <param name="Rule">By which rule.</param>
/// <param name="Metric">Of what.</param>
/// <param name="Alarms">Which levels and sources it is of.</param>
/// <param name="Seconds">When it was announced, Unix time.</param>
internal sealed record AnnouncedAlert(string Server, string Rule, string Metric, OriginAlarms Alarms, long Seconds);

/// <summary>
/// What an operator gets in a replay: the announcements of an alert book, and at each origin which of them stand. An alert that a worse one inhibits is not announced.
/// </summary>
internal sealed class OperatorLog : IForecastObserver, IAlertSink
{
    private readonly AlertBook _book;
    private readonly AlertRules _rules;
    private readonly TimeProvider _clock;
    private readonly Dictionary<string, List<OriginAlarms>> _origins = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Dictionary<string, OriginAlarms>> _standing = new(StringComparer.Ordinal);
    private readonly List<AnnouncedAlert> _announced = [];

    public OperatorLog(TimeProvider clock, AlertRules rules)
    {
        (_clock, _rules) = (clock, rules);
        _book = new AlertBook(clock, this, rules);
    }

    /// <summary>All announcements, in order of time.</summary>
    public IReadOnlyList<AnnouncedAlert> Announced => _announced;

    /// <summary>What stood at each of a server's origins, in order of time.</summary>
    public IReadOnlyList<OriginAlarms> Of(string server) => _origins.TryGetValue(server, out var origins) ? origins : [];

    public void Forecast(ServerSnapshot server, WindowInfo window, ReadOnlySpan<float> values, ReadOnlySpan<float> quantiles)
    {
        _book.Forecast(server, window, values, quantiles);
        var alarms = OriginAlarms.OfLevel(server.Risk);
        if (_standing.TryGetValue(server.Name, out var standing))
        {
            foreach (var alert in standing.Values)
                alarms = alarms.And(alert);
        }

        if (!_origins.TryGetValue(server.Name, out var origins))
            _origins[server.Name] = origins = [];
        origins.Add(alarms);
    }

    public void Retired(ServerSnapshot server) => _book.Retired(server);

    public void Announce(AlertInfo alert)
    {
        if (!_standing.TryGetValue(alert.Server, out var standing))
            _standing[alert.Server] = standing = new(StringComparer.Ordinal);
        if (alert.State == "resolved")
        {
            standing.Remove(alert.Id);
            return;
        }

        var rule = _rules.Find(alert.Rule)!;
        var alarms = standing[alert.Id] = OriginAlarms.OfAlert(rule);
        _announced.Add(new AnnouncedAlert(alert.Server, rule.Name, alert.Metric, alarms, _clock.GetUtcNow().ToUnixTimeSeconds()));
    }
}
