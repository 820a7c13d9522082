using Tft.Forecasting.Engines.Gpu;

namespace Tft.Tests.Forecasting.Engines;

[Trait("Ring", "unit")]
public sealed class GpuProfileTests
{
    private const long Gib = 1L << 30;

    [Theory]
    [InlineData("NVIDIA GeForce RTX 4090", 8, 9, 24, "RTX 4090", 32, 128, 4)]
    [InlineData("NVIDIA GeForce RTX 3090 Ti", 8, 6, 24, "RTX 3090", 32, 128, 4)]
    [InlineData("Tesla V100-SXM2-16GB", 7, 0, 16, "V100", 64, 256, 4)]
    [InlineData("NVIDIA A100-SXM4-80GB", 8, 0, 80, "A100", 128, 512, 4)]
    [InlineData("NVIDIA H100 80GB HBM3", 9, 0, 80, "H100", 256, 1024, 4)]
    [InlineData("NVIDIA H200", 9, 0, 141, "H200", 512, 2048, 4)]
    [InlineData("NVIDIA GH200 480GB", 9, 0, 96, "H100", 256, 1024, 4)]
    [InlineData("NVIDIA L40S", 8, 9, 48, "RTX 4090", 32, 128, 4)]
    [InlineData("NVIDIA A10", 8, 6, 24, "RTX 3090", 32, 128, 4)]
    [InlineData("Something New", 9, 0, 141, "H200", 512, 2048, 4)]
    [InlineData("Something New", 9, 0, 80, "H100", 256, 1024, 4)]
    [InlineData("Quadro P2000", 6, 1, 5, "Generic", 16, 64, 4)]
    public void For_NameOrElseCapability_GivesItsProfile(string name, int major, int minor, int gib, string profile, int train, int inference, int workers)
    {
        var found = GpuProfile.For(new GpuDevice(0, name, major, minor, gib * Gib));

        Assert.Equal((profile, train, inference, workers), (found.Name, found.TrainBatch, found.InferenceBatch, found.InferenceWorkers));
    }

    [Fact]
    public void Report_ADevice_HasTheLinesThatPeopleGrepFor() => Assert.Collection(
        GpuProfile.Report(new GpuDevice(0, "NVIDIA H100 80GB HBM3", 9, 0, 80 * Gib)),
        line => Assert.Equal("[GPU] Detected: NVIDIA H100 80GB HBM3", line),
        line => Assert.Equal("[GPU] Compute Capability: SM 9.0", line),
        line => Assert.StartsWith("[GPU] Profile: H100", line, StringComparison.Ordinal),
        line => Assert.Equal("[GPU] Auto-configured batch size: 1024", line));
}
