namespace Tft.Forecasting.Engines.Gpu;

/// <summary>What suits a kind of graphics processor.</summary>
/// <param name="Name">Profile's name, as logged.</param>
/// <param name="TrainBatch">Windows of a training step.</param>
/// <param name="InferenceBatch">Windows of a forecast.</param>
/// <param name="Workers">Threads that prepare batches in training.</param>
/// <param name="MatmulPrecision">PyTorch's float32 matmul precision: highest, high or medium.</param>
/// <param name="TensorFloat32">Whether TF32 is allowed in matrix products.</param>
/// <param name="Deterministic">Whether cuDNN has to choose deterministic algorithms.</param>
/// <param name="MemoryShare">Share of the device's memory to use, 0 to 1.</param>
public sealed record GpuProfile(
    string Name, int TrainBatch, int InferenceBatch, int Workers, string MatmulPrecision, bool TensorFloat32, bool Deterministic, double MemoryShare)
{
    private const long Gib = 1L << 30;

    /// <summary>For what is none of the others.</summary>
    public static GpuProfile Generic { get; } = new("Generic", 16, 64, 4, "highest", false, true, 0.80);

    private static readonly GpuProfile s_rtx4090 = new("RTX 4090", 32, 128, 8, "medium", true, false, 0.85);
    private static readonly GpuProfile s_rtx3090 = new("RTX 3090", 32, 128, 8, "medium", true, false, 0.85);
    private static readonly GpuProfile s_v100 = new("V100", 64, 256, 16, "high", false, true, 0.90);
    private static readonly GpuProfile s_a100 = new("A100", 128, 512, 32, "high", true, true, 0.90);
    private static readonly GpuProfile s_h100 = new("H100", 256, 1024, 32, "high", true, true, 0.90);
    private static readonly GpuProfile s_h200 = new("H200", 512, 2048, 32, "high", true, true, 0.90);

    /// <summary>Workers at inference: forecasting is short, more of them only wait.</summary>
    public int InferenceWorkers => Math.Min(Workers, 4);

    /// <summary>The profile of a device: by name, else by compute capability and memory, else <see cref="Generic"/>.</summary>
    public static GpuProfile For(GpuDevice device)
    {
        ArgumentNullException.ThrowIfNull(device);
        GpuProfile[] named = [s_rtx4090, s_rtx3090, s_v100, s_a100, s_h200, s_h100];
        // names come as "NVIDIA GeForce RTX 4090", "Tesla V100-SXM2-16GB", "NVIDIA A100-SXM4-80GB"
        return Array.Find(named, p => IsNamed(device.Name, p.Name))
            ?? (device.Major, device.Minor) switch
            {
                (9, 0) => device.MemoryBytes > 100 * Gib ? s_h200 : s_h100,
                (8, 9) => s_rtx4090,
                (8, 0) => s_a100,
                (8, _) => s_rtx3090,
                (7, 0) => s_v100,
                _ => Generic,
            };
    }

    // "GH200" is no "H200"
    private static bool IsNamed(string device, string model) =>
        device.IndexOf(model, StringComparison.OrdinalIgnoreCase) is >= 0 and var at && (at == 0 || !char.IsLetterOrDigit(device[at - 1]));

    /// <summary>What is logged at start, a line each.</summary>
    public static IReadOnlyList<string> Report(GpuDevice device)
    {
        var profile = For(device);
        return
        [
            $"[GPU] Detected: {device.Name}",
            $"[GPU] Compute Capability: SM {device.Major}.{device.Minor}",
            $"[GPU] Profile: {profile.Name} ({profile.MatmulPrecision} matmul precision, no FP8: it gains nothing at this size)",
            $"[GPU] Auto-configured batch size: {profile.InferenceBatch}",
        ];
    }
}
