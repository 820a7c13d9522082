namespace Tft.Inference.Otlp.Mapping;

/// <summary>The states of system.cpu.*, as the host adapter and the node_exporter preset put them together: nice is user, interrupts and steal are system.</summary>
internal enum CpuState : byte
{
    User,
    Nice,
    System,
    Interrupt,
    SoftInterrupt,
    Steal,
    IoWait,
    Idle,
    Unknown,
}

internal static class CpuStates
{
    public const int Count = (int)CpuState.Unknown;

    /// <summary>Guest time is not known here: it is inside user.</summary>
    public static CpuState Parse(string? state) => state switch
    {
        "user" => CpuState.User,
        "nice" => CpuState.Nice,
        "system" or "kernel" => CpuState.System,
        "interrupt" => CpuState.Interrupt,
        "softirq" => CpuState.SoftInterrupt,
        "steal" => CpuState.Steal,
        "wait" or "iowait" => CpuState.IoWait,
        "idle" => CpuState.Idle,
        _ => CpuState.Unknown,
    };
}
