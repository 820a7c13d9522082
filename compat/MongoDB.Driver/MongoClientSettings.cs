using MongoDB.Driver.Native;

namespace MongoDB.Driver;

/// <summary>A connection string and what is set beside it. Hosts, TLS, replica set, read preference and compression are the string's.</summary>
public class MongoClientSettings
{
    internal string ConnectionString { get; private init; } = "mongodb://localhost:27017";

    public string? ApplicationName { get; set; }

    public MongoCredential? Credential { get; set; }

    /// <summary>Where it is not set, the connection string's counts, else the C driver's own; so it is with the other two.</summary>
    public TimeSpan? ConnectTimeout { get; set; }

    public TimeSpan? ServerSelectionTimeout { get; set; }

    public TimeSpan? SocketTimeout { get; set; }

    internal IReadOnlyList<string> Secrets => [UserInfo(ConnectionString), Uri.UnescapeDataString(PasswordOf(ConnectionString)), PasswordOf(ConnectionString), Credential?.Password ?? ""];

    internal string Hosts => ConnectionString[(Math.Max(ConnectionString.IndexOf("://", StringComparison.Ordinal) + 2, ConnectionString.LastIndexOf('@')) + 1)..].Split('/', '?')[0];

    /// <exception cref="MongoConfigurationException">The string can't be read.</exception>
    public static MongoClientSettings FromConnectionString(string connectionString)
    {
        ArgumentException.ThrowIfNullOrEmpty(connectionString);
        using var uri = new NativeUri(connectionString);
        return new MongoClientSettings { ConnectionString = connectionString };
    }

    /// <summary>What stands before the @, with the password.</summary>
    internal static string UserInfo(string connectionString)
    {
        var start = connectionString.IndexOf("://", StringComparison.Ordinal) + 3;
        var end = connectionString.LastIndexOf('@');
        return start >= 3 && end > start ? connectionString[start..end] : "";
    }

    private static string PasswordOf(string connectionString) => UserInfo(connectionString).Split(':', 2) is [_, var password] ? password : "";
}

/// <summary>User, password and the database that knows them.</summary>
public class MongoCredential
{
    private MongoCredential(string source, string username, string password) => (Source, Username, Password) = (source, username, password);

    public string Source { get; }

    public string Username { get; }

    internal string Password { get; }

    public static MongoCredential CreateCredential(string databaseName, string username, string password) => new(databaseName, username, password);

    public override string ToString() => $"{Username}@{Source}";
}

/// <summary>The parts of a connection string.</summary>
public class MongoUrl
{
    /// <exception cref="MongoConfigurationException">The string can't be read.</exception>
    public MongoUrl(string url)
    {
        ArgumentException.ThrowIfNullOrEmpty(url);
        using var uri = new NativeUri(url);
        DatabaseName = uri.Database;
        AuthenticationSource = uri.AuthenticationSource;
    }

    /// <summary>The database that knows the user: of the option, else the string's own, else admin.</summary>
    public string? AuthenticationSource { get; }

    public string? DatabaseName { get; }

    public static MongoUrl Create(string url) => new(url);
}
