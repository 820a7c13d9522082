namespace Tft.Inference.Otlp.Mapping;

/// <summary>Bytes by state of a memory, a swap space or a file system. 0 bytes in all is nothing measured.</summary>
internal record struct Usage
{
    private double? _used;
    private double? _free;
    private double _rest;

    /// <summary>All bytes there are, where the sender said so.</summary>
    public double? Limit { get; set; }

    /// <summary>In use, %, as sent.</summary>
    public double? Share { get; set; }

    public readonly double ShareOrUsed => Share ?? UsedOfUsedAndFree;

    /// <summary>%: what df says; blocks kept for root are neither used nor free.</summary>
    public readonly double UsedOfUsedAndFree => _used is { } used && _free is { } free && used + free > 0 ? used / (used + free) * 100 : double.NaN;

    /// <summary>%: of the limit, else of used, free, buffered, cached and inactive together; slabs are inside these.</summary>
    public readonly double UsedOfAll => (_used, Limit ?? _used + _free + _rest) is ({ } used, > 0 and var all) ? used / all * 100 : double.NaN;

    /// <summary>False for a state that is none of these.</summary>
    public bool Add(string? state, double bytes)
    {
        switch (state)
        {
            case "used": _used = (_used ?? 0) + bytes; return true;
            case "free": _free = (_free ?? 0) + bytes; return true;
            case "buffered" or "buffers" or "cached" or "inactive": _rest += bytes; return true;
            case "total": Limit ??= bytes; return true;
            default: return false;
        }
    }
}

/// <summary>Mean of what was added; NaN of nothing.</summary>
internal record struct Mean
{
    private double _sum;
    private int _count;

    public readonly bool Any => _count > 0;

    public readonly double Value => _count > 0 ? _sum / _count : double.NaN;

    public bool Add(double value)
    {
        _sum += value;
        _count++;
        return true;
    }
}
