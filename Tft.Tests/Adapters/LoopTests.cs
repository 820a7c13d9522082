using Tft.Tests.Infrastructure;

namespace Tft.Tests.Adapters;

/// <summary>What the tests of the loop share: a clock that stands until it is moved, a source by script, and a service that remembers what it was sent.</summary>
public abstract class LoopTests : IAsyncLifetime
{
    private protected readonly FakeTimeProvider _clock = new();
    private protected readonly TempFolder _folder = new();
    private protected readonly ScriptedSource _source = new();
    private protected FakeInference _service = null!;

    private protected DateTimeOffset Now => _clock.GetUtcNow();

    public async Task InitializeAsync() => _service = await FakeInference.StartAsync();

    public async Task DisposeAsync()
    {
        await _service.DisposeAsync();
        _folder.Dispose();
    }

    private protected LoopRig Rig(double backfill = 25) => new(_source, _service.Url, _clock, _folder, o => o.Backfill = backfill);
}
