using System.ComponentModel.DataAnnotations;

namespace Tft.Inference.Serving.Metrics;

/// <summary>Section <c>Tft:Metrics</c>.</summary>
internal sealed class ForecastSeriesOptions
{
    public const string Section = "Tft:Metrics";

    /// <summary>How many servers' forecasts GET /metrics carries: those of highest risk. A server is up to 126 lines.</summary>
    [Range(0, 5000, ErrorMessage = "Tft:Metrics:Servers must be from 0 to 5000.")]
    public int Servers { get; set; } = 100;
}
