using Microsoft.Extensions.Options;
using Tft.Contract.Servers;

namespace Tft.Inference.Risk;

/// <summary>The thresholds of every profile and metric, settings merged in.</summary>
internal sealed class ThresholdTable
{
    /// <summary>
    /// A load below one is no load, however idle the server usually is. Nor is one that its profile's servers usually have: a server that
    /// sleeps at night or began last night has a small median, and its working day would be critical.
    /// </summary>
    private const float MinimumLoadBaseline = 1;

    private static readonly Thresholds s_databaseMemory = new(95, 97, 99, 100);

    // A database waits for its disks on an average minute (15 %): the general thresholds would never be quiet
    private static readonly Thresholds s_databaseIoWait = new(25, 35, 50, 80);

    private readonly Thresholds[] _table = new Thresholds[ServerProfiles.CategoryCount * RiskMetrics.Count];

    public ThresholdTable(IOptions<RiskOptions> options)
    {
        for (var p = 0; p < ServerProfiles.CategoryCount; p++)
        {
            foreach (var metric in RiskMetrics.All)
                _table[(p * RiskMetrics.Count) + (int)metric.Id] = Merge(options.Value, ServerProfiles.Names[p], metric);
        }
    }

    /// <summary>Thresholds in the metric's own unit.</summary>
    /// <param name="profile">The server's profile.</param>
    /// <param name="metric">Of what.</param>
    /// <param name="loadMedian">The server's own median load; NaN for a newcomer.</param>
    public Thresholds Get(ServerProfile profile, RiskMetric metric, float loadMedian)
    {
        var definition = RiskMetrics.Get(metric);
        var thresholds = Configured(profile, metric);
        var usual = ProfileBaselines.Get(profile, definition.Wire);
        return definition.Base switch
        {
            ThresholdBase.Profile => thresholds.Times(usual),
            ThresholdBase.OwnMedian => thresholds.Times(LoadBaseline(usual, loadMedian)),
            _ => thresholds,
        };
    }

    /// <summary>Thresholds as they are set: values, or multiples (<see cref="RiskMetricDefinition.Base"/>).</summary>
    public Thresholds Configured(ServerProfile profile, RiskMetric metric) => _table[((int)profile * RiskMetrics.Count) + (int)metric];

    /// <summary>The server's own median, but no less than what is usual for its profile: an idle server that begins to work is no incident.</summary>
    private static float LoadBaseline(float usual, float loadMedian) =>
        Math.Max(MinimumLoadBaseline, float.IsNaN(loadMedian) ? usual : Math.Max(usual, loadMedian));

    internal static Thresholds Merge(RiskOptions options, string profile, RiskMetricDefinition metric)
    {
        var thresholds = (profile == ServerProfile.Database.Name(), metric.Id) switch
        {
            (true, RiskMetric.Memory) => s_databaseMemory,
            (true, RiskMetric.CpuIoWait) => s_databaseIoWait,
            _ => metric.Default,
        };
        if (options.Thresholds.TryGetValue(metric.Key, out var general))
            thresholds = general.Over(thresholds);
        if (options.Profiles.TryGetValue(profile, out var own) && own.TryGetValue(metric.Key, out var special))
            thresholds = special.Over(thresholds);
        return thresholds;
    }
}
