using System.ComponentModel.DataAnnotations;
using Tft.Adapters.Sources.Http;

namespace Tft.Adapters.Sources.InfluxDb;

/// <summary>Section <c>Tft:Sources:influxdb</c>.</summary>
internal sealed class InfluxOptions : HttpStoreOptions
{
    /// <summary>1: InfluxQL, 2: Flux, 3: SQL.</summary>
    [Range(1, 3)]
    public int Version { get; set; } = 2;

    /// <summary>Versions 1 and 3; in version 1 with a retention policy as <c>db/rp</c>.</summary>
    public string Database { get; set; } = "telegraf";

    /// <summary>Version 2.</summary>
    public string Bucket { get; set; } = "telegraf";

    /// <summary>Version 2: name of the organisation.</summary>
    public string Org { get; set; } = "";

    /// <summary>The tag that names the server.</summary>
    public string HostTag { get; set; } = "host";

    /// <summary>Seconds between two values; the collection interval or more.</summary>
    [Range(1, 300)]
    public int Step { get; set; } = 10;

    /// <summary>Seconds that points may be late, with Telegraf's flush interval.</summary>
    [Range(0, 300)]
    public double Delay { get; set; } = 15;
}
