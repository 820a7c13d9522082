using System.ComponentModel.DataAnnotations;
using Tft.Adapters.Simulation.Incidents;

namespace Tft.Adapters.Sources.Simulator;

/// <summary>Section <c>Tft:Sources:simulator</c>.</summary>
internal sealed class SimulatorOptions
{
    [Range(1, 1_000_000)]
    public int Servers { get; set; } = 20;

    public long Seed { get; set; } = 42;

    public Scenario Scenario { get; set; } = Scenario.Healthy;

    /// <summary>Seconds between two samples of a server.</summary>
    [Range(1, 300)]
    public int SampleSeconds { get; set; } = 5;

    /// <summary>1: live. More: begins in the past and runs this many times as fast until it has caught up with the clock.</summary>
    [Range(1, 100_000)]
    public double Speed { get; set; } = 1;

    /// <summary>Hours in the past at which a faster run begins.</summary>
    [Range(0.1, 168)]
    public double StartHoursAgo { get; set; } = 25;
}
