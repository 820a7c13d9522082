using MongoDB.Bson;
using MongoDB.Driver;
using Tft.Tests.Infrastructure;

namespace Tft.Tests.Sources.MongoDb;

/// <summary>A collection to read from: of the double, or of a real server in a database that is dropped afterwards.</summary>
internal sealed class MongoStore : IAsyncDisposable
{
    private readonly MongoClient _client;

    private MongoStore(string uri, string database, MongoDouble? server)
    {
        Uri = uri;
        Database = database;
        Double = server;
        _client = new MongoClient(uri);
    }

    public string Uri { get; }

    public string Database { get; }

    /// <summary>Null: a real server.</summary>
    public MongoDouble? Double { get; }

    /// <summary>What is tested on the double is tested on the real thing where there is one.</summary>
    public static TheoryData<string> Kinds => RealUri is null ? ["double"] : ["double", "real"];

    private static string? RealUri => Environment.GetEnvironmentVariable("TFT_TEST_MONGODB") is { Length: > 0 } uri ? uri : null;

    public static async Task<MongoStore> OpenAsync(string kind = "double")
    {
        SkipUnless.True(LibraryIsThere, "MongoDB's C driver is not installed (apt-get install libmongoc-1.0-0)");
        if (kind == "double")
        {
            var server = await MongoDouble.StartAsync();
            return new MongoStore(server.Url, "tft", server);
        }

        SkipUnless.True(RealUri is not null, "no real MongoDB: TFT_TEST_MONGODB holds no connection string");
        return new MongoStore(RealUri!, "tft_test_" + Guid.NewGuid().ToString("N")[..12], null);
    }

    public static bool LibraryIsThere
    {
        get
        {
            try
            {
                return MongoUrl.Create("mongodb://localhost/") is not null;
            }
            catch (MongoConfigurationException)
            {
                return false;
            }
        }
    }

    public Task<BsonDocument> RunAsync(BsonDocument command) => _client.GetDatabase(Database).RunCommandAsync<BsonDocument>(command).DefaultTimeout();

    public async Task AddAsync(params BsonDocument[] documents)
    {
        foreach (var chunk in documents.Chunk(5000))
            await RunAsync(new BsonDocument { { "insert", "metrics" }, { "documents", new BsonArray(chunk) } });
    }

    public Task IndexAsync(params string[] fields) => RunAsync(new BsonDocument
    {
        { "createIndexes", "metrics" },
        { "indexes", new BsonArray { new BsonDocument { { "key", new BsonDocument(fields.Select(f => new BsonElement(f, 1))) }, { "name", string.Join('_', fields) } } } },
    });

    public async ValueTask DisposeAsync()
    {
        if (Double is null)
            await RunAsync(new BsonDocument("dropDatabase", 1));
        _client.Dispose();
        if (Double is not null)
            await Double.DisposeAsync();
    }
}
