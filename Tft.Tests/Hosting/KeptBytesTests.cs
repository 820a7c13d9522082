using Microsoft.Extensions.Logging;
using Tft.Inference.Hosting;
using Tft.Tests.Infrastructure;

namespace Tft.Tests.Hosting;

[Trait("Ring", "unit")]
public sealed class KeptBytesTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly LogLines<KeptBytes> _log = new();

    /// <summary>A host that is stopped by a signal and by its owner at once.</summary>
    [Fact]
    public async Task Stop_FromTwoSides_KeepsTheState()
    {
        for (var i = 1; i <= 50; i++)
        {
            using var file = new Counter(_folder.File("counter.bin"), _log) { Count = i };
            using var both = new Barrier(2);
            await Task.WhenAll(StopAsync(file, both), StopAsync(file, both)).DefaultTimeout();
            using var again = new Counter(_folder.File("counter.bin"), _log);
            again.Load();
            Assert.Equal(i, again.Count);
        }

        Assert.Empty(_log.Lines);
    }

    [Fact]
    public void Save_WhatCannotBeWritten_IsSaidAndWrittenLater()
    {
        Directory.CreateDirectory(_folder.File("counter.bin"));
        using var file = new Counter(_folder.File("counter.bin"), _log) { Count = 7 };
        file.SaveIfChanged();
        Assert.Equal(LogLevel.Error, Assert.Single(_log.Lines).Level);

        Directory.Delete(_folder.File("counter.bin"));
        file.SaveIfChanged();

        using var again = new Counter(_folder.File("counter.bin"), _log);
        again.Load();
        Assert.Equal(7, again.Count);
        Assert.Empty(Directory.GetFiles(_folder.Path, "*.tmp"));
    }

    public void Dispose() => _folder.Dispose();

    private static Task StopAsync(Counter file, Barrier both) => Task.Factory.StartNew(
        () =>
        {
            both.SignalAndWait();
            file.SaveIfChanged();
        },
        default, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private sealed class Counter(string path, ILogger logger) : KeptBinary(path, TimeSpan.FromMinutes(1), TimeProvider.System, logger)
    {
        public int Count { get; set; }

        protected override long Version => Count;

        protected override void Write(BinaryWriter writer) => writer.Write(Count);

        protected override void Read(BinaryReader reader) => Count = reader.ReadInt32();
    }
}
