using System.Runtime.CompilerServices;

namespace Tft.Forecasting.Network.Buffers;

/// <summary>A block of floats that never moves and starts at a cache line.</summary>
internal sealed unsafe class FloatBlock
{
    private readonly float[] _floats;

    /// <param name="length">Floats; zeroed.</param>
    public FloatBlock(nint length)
    {
        _floats = GC.AllocateArray<float>(checked((int)length + 16), pinned: true);
        var address = (nint)Unsafe.AsPointer(ref _floats[0]);
        Pointer = (float*)((address + 63) & ~63);
        Length = length;
    }

    public float* Pointer { get; }

    public nint Length { get; }

    public Span<float> Span => new(Pointer, (int)Length);
}
