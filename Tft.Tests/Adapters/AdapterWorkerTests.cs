using Tft.Adapters.Loop;

namespace Tft.Tests.Adapters;

[Trait("Ring", "unit")]
public sealed class AdapterWorkerTests
{
    [Theory]
    [InlineData(5, 0, 5, 5)]
    [InlineData(5, 1, 5, 10)]
    [InlineData(5, 3, 20, 40)]
    [InlineData(5, 4, 30, 60)]
    [InlineData(5, 5000, 30, 60)]
    [InlineData(300, 0, 300, 300)]
    [InlineData(300, 1, 30, 60)]
    public void Pause_FailuresInARow_GrowsToAMinuteAndDiffersFromAdapterToAdapter(double interval, int failures, double least, double most)
    {
        Assert.Equal(least, AdapterWorker.Pause(interval, failures, 0).TotalSeconds);
        Assert.Equal(most, AdapterWorker.Pause(interval, failures, 1).TotalSeconds);
    }
}
