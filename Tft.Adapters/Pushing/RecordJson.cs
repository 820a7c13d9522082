using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Tft.Contract.Metrics;
using Tft.Contract.Records;
using Tft.Contract.Servers;

namespace Tft.Adapters.Pushing;

/// <summary>Records as the body of POST /feed. What was not measured is left out.</summary>
internal static class RecordJson
{
    private static readonly JsonEncodedText[] s_metrics = [.. MetricCatalog.All.Select(m => JsonEncodedText.Encode(m.Name))];
    private static readonly JsonEncodedText s_timestamp = JsonEncodedText.Encode("timestamp");
    private static readonly JsonEncodedText s_server = JsonEncodedText.Encode("server_name");
    private static readonly JsonEncodedText s_state = JsonEncodedText.Encode("state");
    private static readonly JsonEncodedText s_profile = JsonEncodedText.Encode("profile");

    public static void Write(IBufferWriter<byte> output, ReadOnlySpan<MetricRecord> records)
    {
        using var json = new Utf8JsonWriter(output, new JsonWriterOptions { SkipValidation = true });
        json.WriteStartArray();
        foreach (var record in records)
            Write(json, record);
        json.WriteEndArray();
    }

    /// <param name="timeName">What the time is called; null: as in the contract.</param>
    public static void Write(Utf8JsonWriter json, MetricRecord record, string? timeName = null)
    {
        json.WriteStartObject();
        Span<char> time = stackalloc char[32];
        // Samples are kept to the second; a fraction would only cost bytes.
        record.Timestamp.UtcDateTime.TryFormat(time, out var length, "yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        if (timeName is null)
            json.WriteString(s_timestamp, time[..length]);
        else
            json.WriteString(timeName, time[..length]);
        json.WriteString(s_server, record.ServerName);
        if (record.State is { } state and not ServerState.Missing)
            json.WriteString(s_state, state.Name());
        if (record.Profile is { } profile and not ServerProfile.Unknown)
            json.WriteString(s_profile, profile.Name());
        for (var m = 0; m < MetricCatalog.Count; m++)
        {
            var value = record.Values[m];
            if (float.IsFinite(value))
                json.WriteNumber(s_metrics[m], value);
        }

        json.WriteEndObject();
    }
}
