using Tft.Forecasting.Network;
using static TorchSharp.torch;

namespace Tft.Forecasting.Engines.Torch;

/// <summary>A batch on a device; null where the network has no such input. Lives in the caller's dispose scope.</summary>
internal sealed record TorchInputs(Tensor? Static, Tensor? Known, Tensor? Observed, Tensor Metrics, Tensor? Past, Tensor? Future)
{
    public static TorchInputs From(WindowBatch batch, TftConfig c, Device device)
    {
        long n = batch.Count;
        return new TorchInputs(
            Integers(batch.Static, n, c.StaticSizes.Length),
            Floats(batch.Known, n, c.Steps, c.Known),
            Integers(batch.Observed, n, c.Encoder, c.ObservedSizes.Length),
            Floats(batch.Metrics, n, c.Encoder, c.Metrics)!,
            Floats(batch.Past, n, c.Encoder, c.Past),
            Floats(batch.Future, n, c.Decoder, c.Future));

        Tensor? Floats(float[] data, params long[] shape) => Size(shape) is > 0 and var size ? tensor(data[..size], shape, device: device) : null;

        Tensor? Integers(int[] data, params long[] shape) =>
            Size(shape) is > 0 and var size ? tensor(Array.ConvertAll(data[..size], i => (long)i), shape, device: device) : null;
    }

    private static int Size(long[] shape) => checked((int)shape.Aggregate(1L, (a, b) => a * b));
}
