namespace Tft.Contract.Servers;

/// <summary>The states of the contract; the numbers are the model's category indices.</summary>
public enum ServerState : byte
{
    CriticalIssue = 0,
    Healthy = 1,
    HeavyLoad = 2,
    Idle = 3,
    Maintenance = 4,
    MorningSpike = 5,
    Offline = 6,
    Recovery = 7,

    /// <summary>The step was not measured. Never on the wire.</summary>
    Missing = 8,
}
