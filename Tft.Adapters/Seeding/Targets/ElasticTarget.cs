using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Elastic.Transport;
using Tft.Adapters.Sources;
using Tft.Adapters.Sources.Elasticsearch;
using Tft.Contract.Metrics;
using Tft.Contract.Records;
using HttpMethod = Elastic.Transport.HttpMethod;

namespace Tft.Adapters.Seeding.Targets;

/// <summary>
/// Elasticsearch and OpenSearch by the bulk API: one document a sample, with the contract's names (preset <c>tft</c>). A document's id is
/// server and second, so that one written twice is there once.
/// </summary>
internal sealed class ElasticTarget(ElasticClient client, string index, string timeField) : ISeedTarget
{
    public const string DefaultIndex = "tft-demo";

    private readonly string _path = Uri.EscapeDataString(index);

    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        // Left to the first document, a metric that begins with a whole number would be one of whole numbers, whose means the source does not take.
        var metrics = string.Join(",\n", MetricCatalog.All.Select(m => $$"""  "{{m.Name}}": {"type": "{{(m.IsInteger ? "long" : "float")}}"}"""));
        var mapping = $$"""
            {"mappings": {"properties": {
              "{{JsonEncodedText.Encode(timeField)}}": {"type": "date"}, "server_name": {"type": "keyword"}, "state": {"type": "keyword"}, "profile": {"type": "keyword"},
            {{metrics}}
            } } }
            """;
        try
        {
            using var created = await client.SendAsync(HttpMethod.PUT, _path, mapping, $"creating {index}", cancellationToken).ConfigureAwait(false);
        }
        catch (SourceException e) when (e.Status == 400 && e.Message.Contains("resource_already_exists_exception", StringComparison.Ordinal))
        {
        }
    }

    public async Task<DateTimeOffset?> NewestAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var body = $$"""{"size": 0, "aggs": {"newest": {"max": {"field": "{{JsonEncodedText.Encode(timeField)}}"} } } }""";
        using var answer = await client.SendAsync(HttpMethod.POST, $"{_path}/_search", body, $"the newest of {index}", cancellationToken).ConfigureAwait(false);
        return answer.RootElement.TryGetProperty("aggregations", out var all) && all.GetProperty("newest").GetProperty("value") is { ValueKind: JsonValueKind.Number } value
            ? DateTimeOffset.FromUnixTimeMilliseconds((long)value.GetDouble()) : null;
    }

    public async Task WriteAsync(IReadOnlyList<MetricRecord> samples, CancellationToken cancellationToken)
    {
        var buffer = new ArrayBufferWriter<byte>(samples.Count * 512);
        using (var json = new Utf8JsonWriter(buffer))
        {
            foreach (var sample in samples)
            {
                json.WriteStartObject();
                json.WriteStartObject("index");
                json.WriteString("_id", string.Create(CultureInfo.InvariantCulture, $"{sample.ServerName}@{sample.Timestamp.ToUnixTimeSeconds()}"));
                json.WriteEndObject();
                json.WriteEndObject();
                EndLine(json);
                MetricRecordJson.Write(json, sample, timeField);
                EndLine(json);
            }
        }

        using var answer = await client.SendAsync(HttpMethod.POST, $"{_path}/_bulk", PostData.ReadOnlyMemory(buffer.WrittenMemory), $"writing {samples.Count} documents to {index}", cancellationToken).ConfigureAwait(false);
        if (answer.RootElement.GetProperty("errors").GetBoolean())
            throw Refused(answer.RootElement);

        void EndLine(Utf8JsonWriter json)
        {
            json.Flush();
            buffer.Write("\n"u8);
            json.Reset();
        }
    }

    public ValueTask DisposeAsync()
    {
        client.Dispose();
        return default;
    }

    /// <summary>A bulk answers 200 also where documents were refused. What was only too much (429) may be sent again.</summary>
    private SourceException Refused(JsonElement answer)
    {
        var refused = answer.GetProperty("items").EnumerateArray().Select(i => i.GetProperty("index")).Where(i => i.TryGetProperty("error", out _)).ToList();
        var error = refused[0].GetProperty("error");
        return new SourceException($"{index} refused {refused.Count} documents, the first with {error.GetProperty("type").GetString()}: {error.GetProperty("reason").GetString()}")
        {
            Status = refused[0].GetProperty("status").GetInt32(),
        };
    }
}
