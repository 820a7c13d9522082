using System.Text.Json;
using HttpMethod = Elastic.Transport.HttpMethod;

namespace Tft.Adapters.Sources.Elasticsearch;

/// <summary>How fields are mapped, over all indices of the pattern: what Elasticsearch calls the capabilities of fields.</summary>
internal sealed class IndexFields
{
    private readonly Dictionary<string, List<(string Type, bool IsAggregatable)>> _types = new(StringComparer.Ordinal);

    private IndexFields(JsonElement answer)
    {
        Indices = answer.TryGetProperty("indices", out var indices) ? indices.GetArrayLength() : 0;
        foreach (var field in answer.GetProperty("fields").EnumerateObject())
        {
            _types[field.Name] =
            [
                .. field.Value.EnumerateObject().Where(t => t.Name != "unmapped").Select(t => (t.Name, t.Value.GetProperty("aggregatable").GetBoolean())),
            ];
        }
    }

    public int Indices { get; }

    /// <param name="fields">Whose fields below and objects above are answered too.</param>
    /// <exception cref="SourceException">It can't be asked now.</exception>
    public static async Task<IndexFields> ReadAsync(ElasticClient client, ElasticOptions options, IEnumerable<string> fields, CancellationToken cancellationToken)
    {
        var names = string.Join(',', fields.Distinct(StringComparer.Ordinal).Select(Uri.EscapeDataString));
        using var answer = await client.SendAsync(
            HttpMethod.GET, $"{options.IndexPath}/_field_caps?fields={names}&ignore_unavailable=true", null, $"the fields of {options.IndexPattern}", cancellationToken).ConfigureAwait(false);
        return new IndexFields(answer.RootElement);
    }

    /// <summary>Whether values stand there, in some index: objects only hold others.</summary>
    public bool Has(string field) => TypesOf(field).Any(t => t.Type is not ("object" or "nested"));

    /// <summary>The types over all indices, for people.</summary>
    public string Types(string field) => string.Join(" and ", TypesOf(field).Select(t => t.Type));

    /// <summary>Whether it can be averaged or grouped by, with one of these types in each index that has it.</summary>
    public bool Is(string field, params ReadOnlySpan<string> types)
    {
        foreach (var (type, isAggregatable) in TypesOf(field))
        {
            if (!isAggregatable || !types.Contains(type))
                return false;
        }

        return Has(field);
    }

    /// <summary>A text is grouped by through the keyword that Elasticsearch puts beside it where no mapping says otherwise; null: there is none.</summary>
    public string? Keyword(string field) => ((string[])[field, field + ".keyword"]).FirstOrDefault(f => Is(f, "keyword", "constant_keyword"));

    /// <summary>Whether it lies in objects that are documents of their own, which a plain aggregation does not see.</summary>
    public bool IsNested(string field)
    {
        for (var dot = field.LastIndexOf('.'); dot > 0; dot = field.LastIndexOf('.', dot - 1))
        {
            if (TypesOf(field[..dot]).Any(t => t.Type == "nested"))
                return true;
        }

        return false;
    }

    private List<(string Type, bool IsAggregatable)> TypesOf(string field) => _types.GetValueOrDefault(field, []);
}
