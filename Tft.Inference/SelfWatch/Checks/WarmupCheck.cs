using System.Globalization;
using Tft.Inference.Forecasts.Snapshots;

namespace Tft.Inference.SelfWatch.Checks;

/// <summary>
/// A fleet whose windows are short. A day of warming up is what every new fleet has: only one that was warm since the service
/// started, and is no more, has lost something.
/// </summary>
internal sealed class WarmupCheck(SelfWatchOptions options, Func<FleetSnapshot> snapshot) : ISystemCheck
{
    private bool _wasWarm;

    public string Rule => "system_warmup";

    public TimeSpan For => options.Warmup;

    public IEnumerable<SystemReading> Read(DateTimeOffset now)
    {
        var warmup = Warmup.Of(snapshot().Totals);
        _wasWarm |= warmup.IsWarmedUp;
        if (options.Warmup == TimeSpan.Zero || !_wasWarm)
            yield break;
        yield return new SystemReading("", !warmup.IsWarmedUp, warmup.ServersReady, warmup.ServersTracked, string.Create(
            CultureInfo.InvariantCulture,
            $"the fleet was warm and is no more: {warmup.ServersReady} of {warmup.ServersTracked} servers have a full window; look for sources that are silent or send a part of their metrics"));
    }
}
