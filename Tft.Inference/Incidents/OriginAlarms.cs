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
}

/// <summary>What the service's risk says at one origin, as bits of (level, source).</summary>
internal readonly record struct OriginAlarms(int Bits)
{
    public bool Has(RiskLevel level, AlarmSource source) => (Bits & Bit(level, source)) != 0;

    public OriginAlarms With(RiskLevel level, AlarmSource source) => new(Bits | Bit(level, source));

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

    private static int Bit(RiskLevel level, AlarmSource source) => 1 << (((int)level * 3) + (int)source);
}

/// <summary>The alarms of one server at its origins, in order of time.</summary>
/// <param name="Server">Its name.</param>
/// <param name="Seconds">Unix time of each origin: when its last bucket closed.</param>
/// <param name="Alarms">What was said there.</param>
internal sealed record AlarmTrack(string Server, long[] Seconds, OriginAlarms[] Alarms);
