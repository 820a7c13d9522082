namespace Tft.Inference.Forecasts.Snapshots;

/// <summary>A block in the making: starts as its older self, takes changes, becomes a <see cref="SnapshotBlock"/> once.</summary>
internal sealed class BlockBuilder
{
    private readonly int _index;
    private readonly ServerSnapshot?[] _servers;
    private readonly QuantizedForecasts _forecasts;
    private readonly bool _ownsForecasts;

    private BlockBuilder(int index, ServerSnapshot?[] servers, QuantizedForecasts forecasts, bool ownsForecasts) =>
        (_index, _servers, _forecasts, _ownsForecasts) = (index, servers, forecasts, ownsForecasts);

    /// <summary>For new forecasts.</summary>
    /// <param name="index">Number of the block.</param>
    /// <param name="old">What it was; null when it is new.</param>
    /// <param name="count">Servers that it holds now, 1..256.</param>
    public static BlockBuilder From(int index, SnapshotBlock? old, int count)
    {
        var servers = new ServerSnapshot?[count];
        var forecasts = new QuantizedForecasts(count);
        if (old is not null)
        {
            var kept = Math.Min(count, old.Servers.Length);
            old.Servers.AsSpan(0, kept).CopyTo(servers);
            forecasts.CopyFrom(old.Forecasts, kept);
        }

        return new BlockBuilder(index, servers, forecasts, ownsForecasts: true);
    }

    /// <summary>For new marks on servers whose forecasts stay: the forecasts are shared with the older block.</summary>
    public static BlockBuilder Remarking(SnapshotBlock old) =>
        new(old.Index, [.. old.Servers], old.Forecasts, ownsForecasts: false);

    public void Set(ServerSnapshot server, ReadOnlySpan<float> quantiles)
    {
        if (!_ownsForecasts)
            throw new InvalidOperationException("The forecasts of a block that is only re-marked are another block's.");
        _servers[server.Number % SnapshotBlock.Size] = server;
        _forecasts.Set(server.Number % SnapshotBlock.Size, quantiles);
    }

    public void Mark(ServerSnapshot server) => _servers[server.Number % SnapshotBlock.Size] = server;

    public void Remove(int number) => _servers[number % SnapshotBlock.Size] = null;

    public SnapshotBlock Build(DateTimeOffset time) => new(_index, _servers, _forecasts, time);
}
