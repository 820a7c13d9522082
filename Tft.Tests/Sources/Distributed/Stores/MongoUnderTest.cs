using MongoDB.Bson;
using Tft.Tests.Infrastructure;
using Tft.Tests.Sources.MongoDb;

namespace Tft.Tests.Sources.Distributed.Stores;

/// <summary>MongoDB as a double that speaks the wire protocol: no server is at hand. Means of history are the server's.</summary>
internal sealed class MongoUnderTest : SourceUnderTest
{
    private const string Database = "tft";

    private MongoDouble? _server;

    public override string Adapter => "mongodb";

    public override int Port => _server!.Port;

    public override async Task StartAsync()
    {
        SkipUnless.True(MongoStore.LibraryIsThere, "MongoDB's C driver is not installed (apt-get install libmongoc-1.0-0)");
        if (_server is null)
            _server = await MongoDouble.StartAsync();
        else
            await _server.StartAgainAsync();
    }

    public override Task StopAsync() => _server!.StopAsync();

    public override IEnumerable<(string Key, string Value)> Settings(int port) =>
        [("Sources:mongodb:Uri", $"mongodb://127.0.0.1:{port}/"), ("Sources:mongodb:Database", Database)];

    public override Task AddAsync(IReadOnlyList<Sample> rows)
    {
        Add(rows.Select(Document));
        return Task.CompletedTask;
    }

    public override Task<IReadOnlyList<Sample>> AddSurprisesAsync(IReadOnlyList<Sample> rows)
    {
        var documents = rows.Select(Document).ToList();
        documents[0]["cpu_user_pct"] = FormattableString.Invariant($"{rows[0].Cpu}");
        documents[1]["cpu_user_pct"] = "n/a";
        documents[2].Remove("mem_used_pct");
        documents[3]["cpu_user_pct"] = new BsonDocument { { "value", rows[3].Cpu!.Value }, { "unit", "%" } };
        documents[4]["something_new"] = new BsonArray { 1, "two", new BsonDocument("deep", true) };
        Add(documents);
        return Task.FromResult<IReadOnlyList<Sample>>([rows[0], rows[1] with { Cpu = null }, rows[2] with { Mem = null }, rows[3] with { Cpu = null }, rows[4]]);
    }

    public override async ValueTask DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
    }

    private static BsonDocument Document(Sample row)
    {
        var document = new BsonDocument { { "timestamp", new BsonDateTime(row.Second * 1_000) }, { "server_name", row.Server } };
        if (row.Cpu is { } cpu)
            document["cpu_user_pct"] = cpu;
        if (row.Mem is { } mem)
            document["mem_used_pct"] = mem;
        if (row.CloseWait is { } wait)
            document["back_close_wait"] = wait;
        return document;
    }

    private void Add(IEnumerable<BsonDocument> documents) => _server!.Data.Collection(Database, "metrics").Add(documents);
}
