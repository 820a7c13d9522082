namespace Tft.Forecasting.Network.Buffers;

/// <summary>Hands out places in a block of floats, each at a cache line.</summary>
internal sealed class Layout
{
    /// <summary>Floats handed out so far.</summary>
    public nint Size { get; private set; }

    /// <summary>Offset of a new place of <paramref name="floats"/> floats.</summary>
    public nint Take(nint floats)
    {
        var at = Size;
        Size = checked(Size + ((floats + 15) & ~(nint)15));
        return at;
    }
}
