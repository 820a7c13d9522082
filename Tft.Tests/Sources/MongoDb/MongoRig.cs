using MongoDB.Bson;
using MongoDB.Driver;
using Tft.Adapters.Mapping;
using Tft.Adapters.Sources.MongoDb;
using Tft.Tests.Adapters;
using Tft.Tests.Infrastructure;

namespace Tft.Tests.Sources.MongoDb;

/// <summary>The source on a database, in a loop, as the host wires it.</summary>
internal sealed class MongoRig : IDisposable
{
    private readonly MongoClient _client;

    public MongoRig(string uri, string database, FakeInference service, TimeProvider clock, TempFolder folder, double backfill = 25, Action<MongoOptions>? configure = null)
    {
        var options = new MongoOptions { Uri = uri, Database = database, PageSize = 999 };
        configure?.Invoke(options);
        var connection = MongoConnection.Of(options, "test", null);
        var settings = MongoClientSettings.FromConnectionString(connection.Text);
        connection.Configure(settings);
        _client = new MongoClient(settings);
        var collection = _client.GetDatabase(connection.Database).GetCollection<BsonDocument>(options.Collection);
        var plan = MongoKind.WithTimeField(MappingPresets.Find("tft")!, options.TimeField);
        Source = new MongoSource(collection, new MongoQuery(options, "test"), new RecordMapper(plan, MappingTrace.Off), clock, Log);
        Loop = new LoopRig(Source, service.Url, clock, folder, o => o.Backfill = backfill);
    }

    public LoopRig Loop { get; }

    public MongoSource Source { get; }

    public LogLines<MongoSource> Log { get; } = new();

    public Task<int> PollAsync() => Loop.PollAsync();

    public void Dispose()
    {
        Loop.Dispose();
        _client.Dispose();
    }
}
