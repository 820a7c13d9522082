using System.ComponentModel.DataAnnotations;
using Tft.Adapters.Sources.Http;

namespace Tft.Adapters.Sources.Elasticsearch;

/// <summary>Section <c>Tft:Sources:elasticsearch</c>; the names of earlier config files (hosts, index_pattern, time_field, api_key) are these.</summary>
internal sealed class ElasticOptions : HttpStoreOptions
{
    public ElasticOptions() => Url = "http://localhost:9200";

    /// <summary>Several addresses of one cluster; the next is taken when one does not answer.</summary>
    public string[] Hosts { get; set; } = [];

    /// <summary>Encoded key, as Kibana shows it.</summary>
    public string ApiKey { get; set; } = "";

    /// <summary>Indices, aliases or data streams; * and commas allowed.</summary>
    [Required]
    [RegularExpression("[^/?#\\s\"]+")]
    public string IndexPattern { get; set; } = "metricbeat-*";

    /// <summary>The pattern as a part of a URL.</summary>
    internal string IndexPath => Uri.EscapeDataString(IndexPattern).Replace("%2A", "*", StringComparison.Ordinal).Replace("%2C", ",", StringComparison.Ordinal);

    [Required]
    public string TimeField { get; set; } = "@timestamp";

    /// <summary>A further condition, as a JSON query: <c>{"term":{"env":"prod"}}</c>.</summary>
    public string Filter { get; set; } = "";

    /// <summary>Documents of one request.</summary>
    [Range(1, 10_000)]
    public int PageSize { get; set; } = 1000;

    /// <summary>How long the cluster keeps a read alive between two pages.</summary>
    [RegularExpression("[0-9]+(s|m)")]
    public string KeepAlive { get; set; } = "1m";
}
