using System.Globalization;
using MongoDB.Driver;
using Tft.Adapters.Hosting;

namespace Tft.Adapters.Sources.MongoDb;

/// <summary>How to reach the database: a connection string, and who signs in.</summary>
internal sealed class MongoConnection
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    private readonly MongoCredential? _credential;
    private readonly TimeSpan _answer;

    private MongoConnection(string text, string database, MongoCredential? credential, TimeSpan answer) =>
        (Text, Database, _credential, _answer) = (text, database, credential, answer);

    public string Text { get; }

    public string Database { get; }

    /// <param name="options">The section; its own uri or host outranks the connection string.</param>
    /// <param name="section">Its name, for what is wrong.</param>
    /// <param name="connectionString">What an AppHost gives.</param>
    /// <exception cref="ConfigurationException">The connection can't be read, or no database is named.</exception>
    public static MongoConnection Of(MongoOptions options, string section, string? connectionString)
    {
        var text = options switch
        {
            { Uri.Length: > 0 } => options.Uri,
            { Host.Length: > 0 } => string.Create(CultureInfo.InvariantCulture, $"mongodb://{options.Host}:{options.Port}/"),
            _ => connectionString is { Length: > 0 } ? connectionString : "mongodb://localhost:27017/",
        };
        try
        {
            var url = MongoUrl.Create(text);
            var database = options.Database.Length > 0 ? options.Database : url.DatabaseName ?? "";
            if (database.Length == 0)
                throw new ConfigurationException([$"{section}:Database (or a database in the connection string) must be named"]);
            return new MongoConnection(text, database, Credential(options, url), TimeSpan.FromSeconds(options.CommandTimeout));
        }
        catch (MongoConfigurationException e)
        {
            throw new ConfigurationException([$"{section}:Uri: {e.Message}"]);
        }
    }

    /// <summary>Bounds every wait, unless the connection string does; the server's own limit comes first.</summary>
    public void Configure(MongoClientSettings settings)
    {
        settings.ApplicationName = "tft-adapter";
        if (_credential is not null)
            settings.Credential = _credential;
        if (!Says("serverSelectionTimeoutMS"))
            settings.ServerSelectionTimeout = s_patience;
        if (!Says("connectTimeoutMS"))
            settings.ConnectTimeout = s_patience;
        if (!Says("socketTimeoutMS"))
            settings.SocketTimeout = _answer + s_patience;
    }

    private bool Says(string option) => Text.Contains(option + "=", StringComparison.OrdinalIgnoreCase);

    private static MongoCredential? Credential(MongoOptions options, MongoUrl url)
    {
        static string? Given(params ReadOnlySpan<string?> texts)
        {
            foreach (var text in texts)
            {
                if (text is { Length: > 0 })
                    return text;
            }

            return null;
        }

        return Given(options.Username, options.Auth.Username) is { } user
            ? MongoCredential.CreateCredential(Given(options.AuthSource, options.Auth.Source, url.AuthenticationSource, url.DatabaseName) ?? "admin", user, Given(options.Password, options.Auth.Password) ?? "")
            : null;
    }
}
