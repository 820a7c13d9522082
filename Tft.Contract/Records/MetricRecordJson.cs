using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Tft.Contract.Messages;
using Tft.Contract.Metrics;
using Tft.Contract.Servers;

namespace Tft.Contract.Records;

/// <summary>Records as JSON: what is not measured is left out; times are UTC, to the second, as samples are kept.</summary>
public static class MetricRecordJson
{
    private static readonly JsonEncodedText[] s_metric = [.. MetricCatalog.All.Select(m => JsonEncodedText.Encode(m.Name))];
    private static readonly JsonEncodedText s_timestamp = JsonEncodedText.Encode("timestamp");
    private static readonly JsonEncodedText s_serverName = JsonEncodedText.Encode("server_name");
    private static readonly JsonEncodedText s_state = JsonEncodedText.Encode("state");
    private static readonly JsonEncodedText s_profile = JsonEncodedText.Encode("profile");

    /// <summary>One record as an object.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="record">The record.</param>
    /// <param name="timeName">What the time is called; null: as in the contract.</param>
    public static void Write(Utf8JsonWriter writer, MetricRecord record, string? timeName = null)
    {
        Span<byte> time = stackalloc byte[20];
        _ = record.Timestamp.UtcDateTime.TryFormat(time, out var written, "yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture);
        writer.WriteStartObject();
        if (timeName is null)
            writer.WriteString(s_timestamp, time[..written]);
        else
            writer.WriteString(timeName, time[..written]);
        writer.WriteString(s_serverName, record.ServerName);
        if (record.State is { } state and not ServerState.Missing)
            writer.WriteString(s_state, state.Name());
        if (record.Profile is { } profile and not ServerProfile.Unknown)
            writer.WriteString(s_profile, profile.Name());
        for (var i = 0; i < MetricCatalog.Count; i++)
        {
            var value = record.Values[i];
            if (float.IsFinite(value))
                writer.WriteNumber(s_metric[i], value);
        }

        writer.WriteEndObject();
    }

    /// <summary>The body of POST /feed: an array of records.</summary>
    public static void WriteBatch(IBufferWriter<byte> output, ReadOnlySpan<MetricRecord> records)
    {
        using var writer = new Utf8JsonWriter(output, new JsonWriterOptions { SkipValidation = true });
        writer.WriteStartArray();
        foreach (var record in records)
            Write(writer, record);
        writer.WriteEndArray();
    }

    /// <summary>Reads the body of POST /feed into records; for tools and tests, the service reads without records.</summary>
    /// <exception cref="JsonException">The text is no JSON array.</exception>
    public static (List<MetricRecord> Records, List<RejectedRecord> Rejected) ReadBatch(ReadOnlySpan<byte> body, RecordRules rules, long nowSeconds)
    {
        List<MetricRecord> records = [];
        List<RejectedRecord> rejected = [];
        var reader = new RecordBatchReader(body, rules, nowSeconds, wrapped: false);
        while (reader.Read())
        {
            if (reader.Rejected is { } fault)
            {
                rejected.Add(fault);
                continue;
            }

            records.Add(new MetricRecord
            {
                Timestamp = DateTimeOffset.FromUnixTimeSeconds(reader.Seconds),
                ServerName = Encoding.UTF8.GetString(reader.Name),
                State = reader.StateGiven ? reader.State : null,
                Profile = reader.Profile,
                Values = reader.Values,
            });
        }

        if (reader.Malformed is { } malformed)
            throw new JsonException(malformed.What, null, malformed.Line - 1, malformed.Byte - 1);
        return (records, rejected);
    }
}

/// <summary>Lets System.Text.Json write and read <see cref="MetricRecord"/> as the contract has it.</summary>
public sealed class MetricRecordConverter : JsonConverter<MetricRecord>
{
    public override MetricRecord Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using var document = JsonDocument.ParseValue(ref reader);
        var body = Encoding.UTF8.GetBytes($"[{document.RootElement.GetRawText()}]");
        // a file may hold any time: only the service has a clock that says what is ahead
        var (records, rejected) = MetricRecordJson.ReadBatch(body, RecordRules.Utc, long.MaxValue - RecordRules.MaxAheadSeconds);
        return rejected.Count == 0 ? records[0] : throw new JsonException(rejected[0].Message);
    }

    public override void Write(Utf8JsonWriter writer, MetricRecord value, JsonSerializerOptions options) => MetricRecordJson.Write(writer, value);
}
