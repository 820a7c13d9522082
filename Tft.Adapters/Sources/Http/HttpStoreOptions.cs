using System.ComponentModel.DataAnnotations;

namespace Tft.Adapters.Sources.Http;

/// <summary>How a store behind HTTP is reached.</summary>
internal abstract class HttpStoreOptions
{
    /// <summary>Where it is, with a path where a proxy adds one. No user name in it.</summary>
    [Required(ErrorMessage = "name the store's address: --store http://HOST:PORT, or url in the config file")]
    public string Url { get; set; } = "";

    public string Username { get; set; } = "";

    public string Password { get; set; } = "";

    /// <summary>Goes out as <c>Authorization: Bearer</c> (InfluxDB 2: <c>Token</c>).</summary>
    public string Token { get; set; } = "";

    /// <summary>PEM file of the authority that signed the store's certificate, beside those of the system.</summary>
    public string CaFile { get; set; } = "";

    /// <summary>Further headers, such as X-Scope-OrgID.</summary>
    public Dictionary<string, string> Headers { get; set; } = [];

    /// <summary>Seconds until a request counts as lost.</summary>
    [Range(0.1, 600)]
    public double RequestTimeout { get; set; } = 30;
}
