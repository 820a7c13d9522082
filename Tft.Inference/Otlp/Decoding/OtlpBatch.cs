using System.Numerics;
using Tft.Inference.Otlp.Mapping;

namespace Tft.Inference.Otlp.Decoding;

/// <summary>What a request says, the same for both encodings; points that map to nothing are only counted.</summary>
internal sealed class OtlpBatch
{
    private int _points;

    public List<OtlpResource> Resources { get; } = [];

    /// <summary>Data points of metrics that have no counterpart here, or without a value.</summary>
    public long Ignored { get; private set; }

    public OtlpResource AddResource()
    {
        if (Resources.Count == OtlpLimits.MaxResources)
            throw new OtlpFaultException($"more than {OtlpLimits.MaxResources} resources in one request.", tooLarge: true);
        var resource = new OtlpResource();
        Resources.Add(resource);
        return resource;
    }

    /// <summary>To be called for each data point of the request.</summary>
    public void CountPoint(bool ignored)
    {
        if (++_points > OtlpLimits.MaxPoints)
            throw new OtlpFaultException($"more than {OtlpLimits.MaxPoints} data points in one request.", tooLarge: true);
        if (ignored)
            Ignored++;
    }
}

/// <summary>One resource with the data points that the mapping knows.</summary>
internal sealed class OtlpResource
{
    /// <summary><c>host.name</c>.</summary>
    public string? HostName { get; set; }

    /// <summary><c>service.instance.id</c>.</summary>
    public string? InstanceId { get; set; }

    public List<OtlpPoint> Points { get; } = [];

    public void Set(OtlpAttribute attribute, string value)
    {
        if (attribute == OtlpAttribute.HostName)
            HostName = value;
        else if (attribute == OtlpAttribute.InstanceId)
            InstanceId = value;
    }
}

/// <summary>What all data points of a metric have in common.</summary>
/// <param name="Kind">Which metric.</param>
/// <param name="IsDelta">Each point is the increase since its own start; else a running total or a present value.</param>
/// <param name="InPercent">A utilization in % and not as a fraction.</param>
internal readonly record struct OtlpSeriesKind(OtlpMetric Kind, bool IsDelta, bool InPercent);

/// <summary>One number data point; times in Unix ns, 0 where not given.</summary>
internal record struct OtlpPoint(OtlpSeriesKind Of)
{
    public ulong Time { get; set; }

    public ulong Start { get; set; }

    public double Value { get; set; } = double.NaN;

    /// <summary>False where neither number came, or the flag "no recorded value" did.</summary>
    public bool HasValue { get; set; }

    /// <summary>Hash of all attributes, whatever their order: what tells the series of a metric apart.</summary>
    public ulong Series { get; private set; }

    public string? State { get; private set; }

    public string? Direction { get; private set; }

    public string? Device { get; private set; }

    public string? Mountpoint { get; private set; }

    public void Set(OtlpAttribute attribute, string value)
    {
        switch (attribute)
        {
            case OtlpAttribute.State: State = value; break;
            case OtlpAttribute.Direction: Direction = value; break;
            case OtlpAttribute.Device: Device = value; break;
            case OtlpAttribute.Mountpoint: Mountpoint = value; break;
            default: break;
        }
    }

    /// <summary>FNV-1a of key and value, in UTF-8; the sum over attributes has no order.</summary>
    public void AddToSeries(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value) =>
        Series += BitOperations.RotateLeft(Fnv(Fnv(14695981039346656037, key) ^ 0xFF, value), 17);

    private static ulong Fnv(ulong hash, ReadOnlySpan<byte> bytes)
    {
        foreach (var b in bytes)
            hash = (hash ^ b) * 1099511628211;
        return hash;
    }
}
