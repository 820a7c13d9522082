using MongoDB.Bson;
using Tft.Adapters.Sources.MongoDb;
using Tft.Tests.Adapters;
using Tft.Tests.Infrastructure;

namespace Tft.Tests.Sources.MongoDb;

/// <summary>What the tests of the source on a store share: a clock that stands until it is moved, and a service that remembers what it was sent.</summary>
public abstract class MongoTests : IAsyncLifetime
{
    private protected readonly FakeTimeProvider _clock = new();
    private protected readonly TempFolder _folder = new();
    private protected FakeInference _service = null!;

    private protected DateTime Now => _clock.GetUtcNow().UtcDateTime;

    public async Task InitializeAsync() => _service = await FakeInference.StartAsync();

    public async Task DisposeAsync()
    {
        await _service.DisposeAsync();
        _folder.Dispose();
    }

    private protected MongoRig Rig(MongoStore store, double backfill = 25, Action<MongoOptions>? configure = null) =>
        new(store.Uri, store.Database, _service, _clock, _folder, backfill, configure);

    private protected static BsonDocument Row(string server, DateTime time) =>
        new() { { "timestamp", time }, { "server_name", server }, { "cpu_user_pct", 5.5 }, { "mem_used_pct", 40 } };
}
