namespace Tft.Forecasting.Network.Buffers;

/// <summary>Buffers on a worker's tape that hold nothing beyond one call of a layer.</summary>
internal sealed unsafe class Scratch
{
    private readonly nint _both, _first, _second, _third;

    /// <param name="plan">Where the places are taken.</param>
    /// <param name="rows">The most rows of any call.</param>
    /// <param name="width">The widest padded row.</param>
    public Scratch(Plan plan, int rows, int width)
    {
        var size = (nint)rows * width;
        _both = plan.Tape.Take(2 * size);
        (_first, _second, _third) = (plan.Tape.Take(size), plan.Tape.Take(size), plan.Tape.Take(size));
    }

    /// <summary>[rows, 2 width]: gradients of value and gate.</summary>
    public float* Both(in Pass p) => p.Tape + _both;

    public float* First(in Pass p) => p.Tape + _first;

    public float* Second(in Pass p) => p.Tape + _second;

    public float* Third(in Pass p) => p.Tape + _third;
}
