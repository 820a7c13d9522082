namespace Tft.Forecasting.Network.Incremental;

/// <summary>Whose windows a batch holds, so that their steps can be remembered.</summary>
/// <param name="Memory">What is remembered.</param>
/// <param name="Servers">[B]: a number for each window's server.</param>
/// <param name="Origins">[B]: number of each window's last step of the past, on a grid that does not move.</param>
internal sealed record Recall(StepMemory Memory, long[] Servers, long[] Origins);
