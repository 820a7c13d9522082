namespace Tft.Forecasting.Network;

/// <summary>
/// Buffers for the inputs, and in training the targets, of up to <see cref="Capacity"/> windows. The caller owns and reuses them; all are row-major with the
/// window as the first dimension. Inputs are scaled, finite numbers; a gap in the past is filled by the caller (last value carried forward, marked by a categorical).
/// </summary>
public sealed class WindowBatch
{
    /// <param name="config">The network's shape.</param>
    /// <param name="capacity">The most windows that it holds.</param>
    /// <param name="training">Whether it has <see cref="Offsets"/>.</param>
    /// <exception cref="ArgumentException">The config is not the shape of a network, or the capacity is not positive.</exception>
    public WindowBatch(TftConfig config, int capacity, bool training = false)
    {
        config.Validate();
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(capacity);
        (Config, Capacity) = (config, capacity);
        Static = Pinned<int>(config.StaticSizes.Length);
        Known = Pinned<float>(config.Steps * config.Known);
        Observed = Pinned<int>(config.Encoder * config.ObservedSizes.Length);
        Metrics = Pinned<float>(config.Encoder * config.Metrics);
        Past = Pinned<float>(config.Encoder * config.Past);
        Future = Pinned<float>(config.Decoder * config.Future);
        Targets = Pinned<float>(config.Decoder * config.Metrics);
        TargetWeights = Pinned<float>(config.Decoder * config.Metrics);
        Offsets = Pinned<float>(training ? config.Decoder * config.Metrics * config.Quantiles.Length : 0);
        TargetWeights.AsSpan().Fill(1f);
    }

    /// <summary>The network's shape.</summary>
    public TftConfig Config { get; }

    /// <summary>The most windows that it holds.</summary>
    public int Capacity { get; }

    /// <summary>Windows that are filled, from the first on.</summary>
    public int Count { get; set; }

    /// <summary>[B, S]: static categoricals, each below its size.</summary>
    public int[] Static { get; }

    /// <summary>[B, T, K]: covariates known at every step.</summary>
    public float[] Known { get; }

    /// <summary>[B, E, O]: categoricals of the past, each below its size.</summary>
    public int[] Observed { get; }

    /// <summary>[B, E, M]: the metrics' past, scaled.</summary>
    public float[] Metrics { get; }

    /// <summary>[B, E, P]: further inputs of the past.</summary>
    public float[] Past { get; }

    /// <summary>[B, D, F]: further inputs known at the origin.</summary>
    public float[] Future { get; }

    /// <summary>[B, D, M]: what is to be forecast, scaled; NaN where it is not known. Only training reads it.</summary>
    public float[] Targets { get; }

    /// <summary>[B, D, M]: weight of each target in the loss, not negative; 1 to begin with. Only training reads it.</summary>
    public float[] TargetWeights { get; }

    /// <summary>
    /// [B, D, M, Q]: what the network's quantiles are a correction of; added to them before the loss is taken, 0 to begin with. Only training reads it, and only
    /// a batch made for training has it.
    /// </summary>
    public float[] Offsets { get; }

    /// <summary>Checks what the kernels rely on.</summary>
    /// <exception cref="ArgumentException">The batch is of another shape, is empty or overfull, or a categorical is out of range; the message says which.</exception>
    public void Check(TftConfig config)
    {
        if (!ReferenceEquals(config, Config) && !SameShape(config, Config))
        {
            throw new ArgumentException("the batch was made for a network of another shape");
        }

        if (Count <= 0 || Count > Capacity)
        {
            throw new ArgumentException($"batch count {Count} is not in [1, {Capacity}]");
        }

        CheckRange("static", Static, config.StaticSizes, Count);
        CheckRange("observed", Observed, config.ObservedSizes, Count * config.Encoder);
    }

    private static bool SameShape(TftConfig a, TftConfig b) =>
        (a.Encoder, a.Decoder, a.Metrics, a.Known, a.Past, a.Future) == (b.Encoder, b.Decoder, b.Metrics, b.Known, b.Past, b.Future)
        && a.StaticSizes.SequenceEqual(b.StaticSizes) && a.ObservedSizes.SequenceEqual(b.ObservedSizes);

    private static void CheckRange(string name, int[] values, int[] sizes, int rows)
    {
        for (var c = 0; c < sizes.Length; c++)
        {
            for (var r = 0; r < rows; r++)
            {
                var value = values[(r * sizes.Length) + c];
                if ((uint)value >= (uint)sizes[c])
                {
                    throw new ArgumentException($"{name} categorical {c} is {value} in row {r}; it has values 0 to {sizes[c] - 1}");
                }
            }
        }
    }

    // one element more, so that an empty input still has an address
    private T[] Pinned<T>(int perWindow)
        where T : unmanaged => GC.AllocateArray<T>(checked(Capacity * perWindow) + (perWindow == 0 ? 1 : 0), pinned: true);
}
