using System.ComponentModel.DataAnnotations;

namespace Tft.Adapters.Sources.MongoDb;

/// <summary>Section <c>Tft:Sources:mongodb</c>; the names of earlier config files (uri; or host, port and auth of a section <c>database</c>) are these.</summary>
internal sealed class MongoOptions
{
    /// <summary>Connection string: hosts, replica set, TLS, read preference. Else the connection string <c>mongodb</c>, else host and port.</summary>
    public string Uri { get; set; } = "";

    public string Host { get; set; } = "";

    [Range(1, 65_535)]
    public int Port { get; set; } = 27017;

    /// <summary>Else the one that the connection string names.</summary>
    public string Database { get; set; } = "";

    [Required]
    public string Collection { get; set; } = "metrics";

    /// <summary>Beside a connection string without user: needs no escaping there.</summary>
    public string Username { get; set; } = "";

    public string Password { get; set; } = "";

    /// <summary>The database that knows the user; else what the connection string says, else admin.</summary>
    public string AuthSource { get; set; } = "";

    public MongoSignIn Auth { get; set; } = new();

    /// <summary>The documents' time: a date, ISO text or a number since 1970. Empty: the first field of the mapping's that they have.</summary>
    public string TimeField { get; set; } = "";

    /// <summary>A further condition, as a JSON query: <c>{"env": "prod"}</c>.</summary>
    public string Filter { get; set; } = "";

    /// <summary>The index to use, by name or by its keys as JSON; empty: the server chooses.</summary>
    public string Hint { get; set; } = "";

    /// <summary>Documents of one answer of the server.</summary>
    [Range(1, 10_000)]
    public int PageSize { get; set; } = 1000;

    /// <summary>Seconds that the server may work at one answer.</summary>
    [Range(1, 600)]
    public int CommandTimeout { get; set; } = 30;
}

/// <summary>The object <c>auth</c> of earlier config files.</summary>
internal sealed class MongoSignIn
{
    public string Username { get; set; } = "";

    public string Password { get; set; } = "";

    public string Source { get; set; } = "";
}
