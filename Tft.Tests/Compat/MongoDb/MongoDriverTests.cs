using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using MongoDB.Bson;
using MongoDB.Bson.Serialization;
using MongoDB.Driver;
using MongoDB.Driver.Native;
using Tft.Tests.Infrastructure;
using Tft.Tests.Sources.MongoDb;

namespace Tft.Tests.Compat.MongoDb;

[Trait("Ring", "component")]
public sealed class MongoDriverTests
{
    private const string EveryType = """
        {"double": 1.5, "text": "schön", "inner": {"a": [1, {"b": null}, []]}, "bytes": {"$binary": {"base64": "AAECAw==", "subType": "04"}}, "id": {"$oid": "65f0c0ffee65f0c0ffee65f0"},
         "flag": true, "date": {"$date": "2026-03-02T08:00:00.123Z"}, "old": {"$date": {"$numberLong": "-62135596800001"}}, "pattern": {"$regularExpression": {"pattern": "^a", "options": "i"}},
         "int": 7, "long": 9007199254740993, "stamp": {"$timestamp": {"t": 7, "i": 1}}, "exact": {"$numberDecimal": "61.25"}, "tiny": {"$numberDecimal": "-1.5E-10"},
         "code": {"$code": "f()"}, "scoped": {"$code": "f()", "$scope": {"x": 1}}, "least": {"$minKey": 1}, "most": {"$maxKey": 1}, "last": "end"}
        """;

    public MongoDriverTests() => SkipUnless.True(MongoStore.LibraryIsThere, "MongoDB's C driver is not installed (apt-get install libmongoc-1.0-0)");

    [Fact]
    public void Bytes_EveryTypeOfLibbsonsJson_ComesBackAsItWas()
    {
        var document = BsonDocument.Parse(EveryType);

        var again = BsonSerializer.Deserialize<BsonDocument>(document.ToBson());

        Assert.Equal(document, again);
        Assert.Equal(document.ToJson(), again.ToJson());
        Assert.Equal((1.5, "schön", 7, 9007199254740993L, 61.25, -1.5e-10), (
            again["double"].AsDouble, again["text"].AsString, again["int"].AsInt32, again["long"].AsInt64, again["exact"].ToDouble(), again["tiny"].ToDouble()));
        Assert.Equal(new DateTime(2026, 3, 2, 8, 0, 0, 123, DateTimeKind.Utc), again["date"].ToUniversalTime());
        Assert.Equal(new ObjectId("65f0c0ffee65f0c0ffee65f0"), again["id"].AsObjectId);
        Assert.Equal([0, 1, 2, 3], again["bytes"].AsByteArray);
        Assert.Equal("end", again["last"].AsString);
    }

    [Fact]
    public void Deserialize_BytesThatAreCutOrWrong_IsAFormatException()
    {
        var bytes = BsonDocument.Parse(EveryType).ToBson();
        for (var length = 0; length < bytes.Length; length++)
            Assert.Throws<FormatException>(() => BsonSerializer.Deserialize<BsonDocument>(bytes[..length]));

        var chance = new Random(7);
        for (var i = 0; i < 5000; i++)
        {
            var wrong = bytes.ToArray();
            wrong[chance.Next(wrong.Length)] = (byte)chance.Next(256);
            try
            {
                BsonSerializer.Deserialize<BsonDocument>(wrong);
            }
            catch (FormatException)
            {
                // and nothing else
            }
        }
    }

    [Fact]
    public async Task FindAsync_DocumentsOfEveryType_ComeAsTheyWereSent()
    {
        await using var server = await MongoDouble.StartAsync();
        var documents = Enumerable.Range(0, 250).Select(i => new BsonDocument("_id", i).AddRange(BsonDocument.Parse(EveryType).Elements)).ToList();
        server.Data.Collection("d", "c").Add(documents);
        using var client = new MongoClient(server.Url);

        var cursor = await client.GetDatabase("d").GetCollection<BsonDocument>("c").FindAsync(new BsonDocument(), new FindOptions<BsonDocument, BsonDocument> { BatchSize = 100 });
        var read = await cursor.ToListAsync().DefaultTimeout();

        Assert.Equal(documents, read);
        Assert.Equal(["find", "getMore", "getMore"], server.Commands.Select(c => c.Name));
    }

    [Fact]
    public async Task Dispose_CursorThatIsNotReadToItsEnd_IsClosedAtTheServer()
    {
        await using var server = await MongoDouble.StartAsync();
        server.Data.Collection("d", "c").Add(Enumerable.Range(0, 50).Select(i => new BsonDocument("_id", i)));
        using var client = new MongoClient(server.Url);

        using (var cursor = await client.GetDatabase("d").GetCollection<BsonDocument>("c").FindAsync(new BsonDocument(), new FindOptions<BsonDocument, BsonDocument> { BatchSize = 10 }))
        {
            Assert.True(await cursor.MoveNextAsync());
            Assert.Equal(10, cursor.Current.Count());
            Assert.Equal(1, server.Cursors.Count);
        }

        Assert.Equal(0, server.Cursors.Count);
    }

    [Theory]
    [InlineData(43, typeof(MongoCursorNotFoundException))]
    [InlineData(50, typeof(MongoExecutionTimeoutException))]
    [InlineData(13435, typeof(MongoNotPrimaryException))]
    [InlineData(11602, typeof(MongoNodeIsRecoveringException))]
    [InlineData(2, typeof(MongoCommandException))]
    public async Task FindAsync_ErrorsOfTheServer_AreThePackagesExceptions(int code, Type exception)
    {
        await using var server = await MongoDouble.StartAsync();
        server.Before = (name, _) => Task.FromResult<BsonDocument?>(name == "find" ? MongoDouble.Error(code, "Name", "what the server says") : null);
        using var client = new MongoClient(server.Url);

        var e = await Assert.ThrowsAnyAsync<MongoServerException>(() => client.GetDatabase("d").GetCollection<BsonDocument>("c").FindAsync<BsonDocument>(new BsonDocument()));

        Assert.IsType(exception, e);
        Assert.Contains("what the server says", e.Message, StringComparison.Ordinal);
        if (e is MongoCommandException command)
            Assert.Equal((2, "Name"), (command.Code, command.CodeName));
    }

    [Fact]
    public async Task FindAsync_NobodyListens_IsATimeoutThatNamesTheAddress()
    {
        var port = Ports.Free();
        using var client = new MongoClient($"mongodb://127.0.0.1:{port}/?serverSelectionTimeoutMS=1000");

        var e = await Assert.ThrowsAsync<TimeoutException>(() => client.GetDatabase("d").GetCollection<BsonDocument>("c").FindAsync<BsonDocument>(new BsonDocument()));

        Assert.Contains($"127.0.0.1:{port}", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Client_ManyReadersAtOnce_EachGetsItsOwn()
    {
        await using var server = await MongoDouble.StartAsync();
        for (var c = 0; c < 8; c++)
            server.Data.Collection("d", $"c{c}").Add(Enumerable.Range(0, 300).Select(i => new BsonDocument("_id", (c * 1000) + i)));
        using var client = new MongoClient(server.Url);

        await Task.WhenAll(Enumerable.Range(0, 32).Select(async r =>
        {
            var cursor = await client.GetDatabase("d").GetCollection<BsonDocument>($"c{r % 8}").FindAsync(new BsonDocument(), new FindOptions<BsonDocument, BsonDocument> { BatchSize = 20 });
            var read = await cursor.ToListAsync();
            Assert.Equal(Enumerable.Range(r % 8 * 1000, 300), read.Select(d => d["_id"].AsInt32));
        })).DefaultTimeout();
    }

    [Fact]
    public void FromConnectionString_Unreadable_SaysWhyWithoutThePassword()
    {
        foreach (var text in (string[])["mongodb://u:s3cr%et@h/", "mongodb://u:s3cret@h:port/", "mongodb://u:s3cret@", "postgres://u:s3cret@h/"])
        {
            var e = Assert.Throws<MongoConfigurationException>(() => MongoClientSettings.FromConnectionString(text));
            Assert.DoesNotContain("s3cr", e.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Start_LibraryIsMissing_NamesThePackageToInstall()
    {
        var e = Assert.Throws<MongoConfigurationException>(() => NativeLibraries.Start("libmongoc-nowhere.so.0"));

        Assert.Contains("apt-get install libmongoc-1.0-0", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AddMongoDBClient_ConnectionString_RegistersClientDatabaseAndHealth()
    {
        await using var server = await MongoDouble.StartAsync();
        var builder = Host.CreateApplicationBuilder();
        builder.Configuration.AddInMemoryCollection([new("ConnectionStrings:series", $"{server.Url}tft?serverSelectionTimeoutMS=20000")]);
        builder.AddMongoDBClient("series");
        using var host = builder.Build();
        server.Data.Collection("tft", "c").Add(new BsonDocument("_id", 1));

        var read = await (await host.Services.GetRequiredService<IMongoDatabase>().GetCollection<BsonDocument>("c").FindAsync<BsonDocument>(new BsonDocument())).ToListAsync();
        Assert.Single(read);
        Assert.Equal(HealthStatus.Healthy, (await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync()).Entries["MongoDB.Driver"].Status);

        await server.StopAsync().DefaultTimeout();
        Assert.Equal(HealthStatus.Unhealthy, (await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync()).Entries["MongoDB.Driver"].Status);
    }
}
