using System.ComponentModel.DataAnnotations;
using Tft.Adapters.Sources.Http;

namespace Tft.Adapters.Sources.Prometheus;

/// <summary>Section <c>Tft:Sources:prometheus</c>.</summary>
internal sealed class PrometheusOptions : HttpStoreOptions
{
    /// <summary>Queries that need no configuration: node_exporter, or none.</summary>
    [RegularExpression("node_exporter|none")]
    public string Preset { get; set; } = "node_exporter";

    /// <summary>Metric of the contract to PromQL, over the preset's; an empty text takes one away.</summary>
    public Dictionary<string, string> Queries { get; set; } = [];

    /// <summary>The label that names the server.</summary>
    [RegularExpression("[a-zA-Z_][a-zA-Z0-9_]*")]
    public string Label { get; set; } = "instance";

    /// <summary>Leave the port of <c>host:9100</c> away.</summary>
    public bool StripPort { get; set; } = true;

    /// <summary>Further label matchers of the preset's queries, for example <c>job="node",env="prod"</c>.</summary>
    public string Selector { get; set; } = "";

    /// <summary>Seconds between two values; the scrape interval or more.</summary>
    [Range(1, 300)]
    public int Step { get; set; } = 15;

    /// <summary>Over what rates are taken: four scrape intervals or more.</summary>
    [RegularExpression("[0-9]+(s|m|h)")]
    public string RateRange { get; set; } = "1m";

    /// <summary>Seconds that a scrape, and a remote write, may need until its samples can be queried.</summary>
    [Range(0, 300)]
    public double Delay { get; set; } = 15;
}
