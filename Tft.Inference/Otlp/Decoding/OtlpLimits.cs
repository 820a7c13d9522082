namespace Tft.Inference.Otlp.Decoding;

/// <summary>What one request may hold, beside the 10 MB of every body.</summary>
internal static class OtlpLimits
{
    public const int MaxPoints = 200_000;

    public const int MaxResources = 50_000;

    /// <summary>Of a resource or a data point; the SDKs' own limit is 128.</summary>
    public const int MaxAttributes = 256;

    /// <summary>Bytes of a name, or of an attribute value that is read.</summary>
    public const int MaxText = 1_024;

    /// <summary>Nesting of a JSON body; what the mapping reads lies 12 deep.</summary>
    public const int MaxDepth = 32;
}
