using System.Collections.Immutable;

namespace Tft.Adapters.Simulation.Incidents;

/// <summary>What the whole simulated fleet goes through, beside the incidents that happen anyway.</summary>
internal enum Scenario
{
    Healthy,
    Degrading,
    Critical,
    Cascade,
}

/// <summary>
/// Which scenario began when. Immutable: a switch makes a new timeline, so that a reader never sees half of one, and the fleet's
/// state stays a function of (seed, timeline, time).
/// </summary>
internal sealed record ScenarioTimeline(ImmutableArray<ScenarioTimeline.Entry> Entries)
{
    private const double FadeSeconds = 600;

    public sealed record Entry(double Since, Scenario Scenario);

    public static ScenarioTimeline Always(Scenario scenario) => new([new Entry(double.MinValue, scenario)]);

    public Scenario Current => Entries[^1].Scenario;

    /// <summary>From this time on another scenario; entries that had not begun by then are dropped.</summary>
    public ScenarioTimeline Switch(double since, Scenario scenario) =>
        new([.. Entries.Where(e => e.Since < since), new Entry(since, scenario)]);

    /// <summary>How strongly a server takes part at a time.</summary>
    /// <param name="lot">The server's lot in [0, 1): the lower, the sooner it is among the sick.</param>
    /// <param name="isDatabase">Databases alone carry the cascade; their dependants feel it through them.</param>
    public (double Amplitude, bool Cascades) At(double seconds, double lot, bool isDatabase)
    {
        var i = Entries.Length - 1;
        while (i > 0 && Entries[i].Since > seconds)
            i--;
        var now = Height(Entries[i], seconds, lot, isDatabase);
        if (i == 0)
            return (now, Entries[i].Scenario == Scenario.Cascade);

        var faded = 1 - ((seconds - Entries[i].Since) / FadeSeconds);
        var before = faded > 0 ? faded * Height(Entries[i - 1], Entries[i].Since, lot, isDatabase) : 0;
        var cascades = now >= before ? Entries[i].Scenario == Scenario.Cascade : Entries[i - 1].Scenario == Scenario.Cascade;
        return (Math.Max(now, before), cascades);
    }

    private static double Height(Entry entry, double seconds, double lot, bool isDatabase)
    {
        var age = entry.Since == double.MinValue ? double.MaxValue : seconds - entry.Since;
        return entry.Scenario switch
        {
            Scenario.Degrading when lot < 0.4 => 0.7 * Ramp(age, 3600),
            Scenario.Critical when lot < 0.55 => 0.95 * Ramp(age, 600),
            Scenario.Cascade when isDatabase => 0.95 * Ramp(age, 600),
            _ => 0,
        };
    }

    private static double Ramp(double age, double length) => Math.Clamp(age / length, 0, 1);
}
