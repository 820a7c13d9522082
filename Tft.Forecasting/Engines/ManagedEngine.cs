using System.Runtime.Intrinsics;
using Tft.Forecasting.Network;

namespace Tft.Forecasting.Engines;

/// <summary>The engine in C#: vector instructions of whatever width the processor has, no native library.</summary>
/// <param name="threads">Threads that a forecast or a training step uses.</param>
public sealed class ManagedEngine(int threads) : IForecastEngine
{
    /// <summary>An engine on all processors.</summary>
    public ManagedEngine()
        : this(Environment.ProcessorCount)
    {
    }

    /// <inheritdoc />
    public string Name => "Managed";

    /// <inheritdoc />
    public string Device => $"cpu, {(Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : 128)}-bit vectors, {Threads} threads";

    /// <summary>Threads that a forecast or a training step uses.</summary>
    public int Threads { get; } = threads > 0 ? threads : throw new ArgumentOutOfRangeException(nameof(threads), threads, "at least one thread is needed");

    /// <inheritdoc />
    public IForecastModel Load(TftWeights weights) => new ManagedModel(weights, Threads);

    /// <inheritdoc />
    public ILearner Learner(TftConfig config) => new ManagedLearner(config, Threads);
}
