using Tft.Inference.Alerts;
using Tft.Inference.Risk;

namespace Tft.Inference.Incidents;

/// <summary>By what a level is reached.</summary>
internal enum AlarmSource
{
    /// <summary>The last measured value stands there: no forecast.</summary>
    Measured,

    /// <summary>The median of the forecast crosses within the horizon.</summary>
    P50,

    /// <summary>The upper quantile of the forecast crosses within the horizon.</summary>
    P90,

    /// <summary>The service's level of the server stands there: the score of now and the horizon.</summary>
    Risk,

    /// <summary>An announced alert of that level or a worse one stands, by any rule.</summary>
    Alert,

    /// <summary>One by a rule on what was measured.</summary>
    MeasuredAlert,

    /// <summary>One by a rule on the forecast.</summary>
    ForecastAlert,
}

/// <summary>What the service's risk says at one origin, as bits of (level, source).</summary>
internal readonly record struct OriginAlarms(int Bits)
{
    private const int Sources = (int)AlarmSource.ForecastAlert + 1;

    public bool Has(RiskLevel level, AlarmSource source) => (Bits & Bit(level, source)) != 0;

    public OriginAlarms With(RiskLevel level, AlarmSource source) => new(Bits | Bit(level, source));

    public OriginAlarms And(OriginAlarms other) => new(Bits | other.Bits);

    /// <summary>The service's level of a server, and that of what was measured alone.</summary>
    public static OriginAlarms OfLevel(ServerRisk risk)
    {
        var measured = risk.Now;
        float worst = 0;
        foreach (var severity in measured)
            worst = Math.Max(worst, severity);
        return UpTo(risk.Level, AlarmSource.Risk).And(UpTo(RiskLevels.Of(worst), AlarmSource.Measured));
    }

    /// <summary>An alert of this rule stands.</summary>
    public static OriginAlarms OfAlert(AlertRule rule) =>
        UpTo(rule.Level, AlarmSource.Alert).And(UpTo(rule.Level, rule.IsForecast ? AlarmSource.ForecastAlert : AlarmSource.MeasuredAlert));

    /// <summary>
    /// Reads the reasons of a risk. A forecast crosses where its metric stands below the level now; where it stands there already, that is measured.
    /// The upper quantile of CPU use is the lower one of idle, and where the median crosses so does the upper quantile.
    /// </summary>
    public static OriginAlarms Of(ServerRisk risk)
    {
        var alarms = default(OriginAlarms);
        foreach (var level in (ReadOnlySpan<RiskLevel>)[RiskLevel.Warning, RiskLevel.Critical])
        {
            foreach (var reason in risk.Reasons)
            {
                if (reason.Level < level)
                    continue;
                if (reason.Source == ReasonSource.Measured)
                    alarms = alarms.With(level, AlarmSource.Measured);
                else if (RiskLevels.Of(risk.Now.Get(reason.Metric)) < level)
                    alarms = reason.Source == ReasonSource.P50 ? alarms.With(level, AlarmSource.P50).With(level, AlarmSource.P90) : alarms.With(level, AlarmSource.P90);
            }
        }

        return alarms;
    }

    private static OriginAlarms UpTo(RiskLevel highest, AlarmSource source)
    {
        var alarms = default(OriginAlarms);
        for (var level = RiskLevel.Warning; level <= highest; level++)
            alarms = alarms.With(level, source);
        return alarms;
    }

    private static int Bit(RiskLevel level, AlarmSource source) => 1 << ((((int)level - (int)RiskLevel.Warning) * Sources) + (int)source);
}

/// <summary>The alarms of one server at its origins, in order of time.</summary>
/// <param name="Server">Its name.</param>
/// <param name="Seconds">Unix time of each origin: when its last bucket closed.</param>
/// <param name="Alarms">What was said there.</param>
internal sealed record AlarmTrack(string Server, long[] Seconds, OriginAlarms[] Alarms);
