namespace Tft.Inference.Forecasts.Past;

/// <summary>How long before a step its forecasts were made that are kept.</summary>
internal static class PastLeads
{
    public const int Count = 4;

    /// <summary>On the wire.</summary>
    public static readonly string[] Names = ["30m", "1h", "4h", "8h"];

    /// <summary>Steps ahead.</summary>
    public static ReadOnlySpan<int> Steps => [6, 12, 48, 96];
}
