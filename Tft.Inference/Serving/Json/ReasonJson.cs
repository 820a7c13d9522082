using System.Text.Json;
using Tft.Inference.Risk;

namespace Tft.Inference.Serving.Json;

/// <summary>A reason as /predict and /alerts show it.</summary>
internal static class ReasonJson
{
    public static void Write(Utf8JsonWriter json, in Reason reason)
    {
        json.WriteStartObject();
        json.WriteString("metric"u8, MetricNames.Of(reason.Wire));
        json.WriteNumber("lead_minutes"u8, reason.LeadMinutes);
        json.WriteString("quantile"u8, ReasonText.Name(reason.Source));
        json.WriteString("level"u8, reason.Level.Name());
        json.WriteRounded("threshold"u8, reason.Threshold);
        json.WriteRounded("value"u8, reason.Value);
        json.WriteString("text"u8, ReasonText.Of(reason));
        json.WriteEndObject();
    }
}
