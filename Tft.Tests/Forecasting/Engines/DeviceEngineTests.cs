using Tft.Forecasting.Engines;
using Tft.Forecasting.Engines.Gpu;
using Tft.Forecasting.Network;

namespace Tft.Tests.Forecasting.Engines;

/// <summary>Which engine a device setting leads to: <c>auto</c> gives way and says why, <c>cuda</c> does not.</summary>
[Trait("Ring", "unit")]
public sealed class DeviceEngineTests
{
    private static readonly GpuDevice[] s_devices = [new(0, "NVIDIA A100-SXM4-80GB", 8, 0, 80L << 30), new(1, "NVIDIA H100 80GB HBM3", 9, 0, 80L << 30)];

    [Theory]
    [InlineData("auto", "none")]
    [InlineData("cpu", "Tft:Device is cpu")]
    public void Choose_WithoutADevice_IsTheManagedEngine(string setting, string said)
    {
        var chosen = DeviceEngine.Choose(DeviceChoice.Parse(setting), 2, [], [new Factory()]);
        Assert.Equal(2, Assert.IsType<ManagedEngine>(chosen.Engine).Threads);
        Assert.Contains(said, Assert.Single(chosen.Report), StringComparison.Ordinal);
    }

    [Fact]
    public void Choose_ADeviceAndItsEngine_IsThatAndReportsTheProfile()
    {
        var chosen = DeviceEngine.Choose(DeviceChoice.Parse("cuda:1"), 2, s_devices, [new Factory()]);
        Assert.Equal("cuda:1", chosen.Engine.Device);
        Assert.Equal(["[GPU] Detected: NVIDIA H100 80GB HBM3", "[GPU] Compute Capability: SM 9.0"], chosen.Report.Take(2));
        Assert.Equal("cuda:0", DeviceEngine.Choose(DeviceChoice.Parse(null), 2, s_devices, [new Factory()]).Engine.Device);
        Assert.IsType<ManagedEngine>(DeviceEngine.Choose(DeviceChoice.Parse("cpu"), 2, s_devices, [new Factory()]).Engine);
    }

    [Fact]
    public void Choose_ADeviceWithoutAnEngineInThisBuild_AutoGivesWayAndCudaSaysHowToBuild()
    {
        var chosen = DeviceEngine.Choose(DeviceChoice.Parse("auto"), 2, s_devices, []);
        Assert.IsType<ManagedEngine>(chosen.Engine);
        Assert.Contains("TFT_PACKAGES=full", chosen.Report[1], StringComparison.Ordinal);

        var error = Assert.Throws<InvalidOperationException>(() => DeviceEngine.Choose(DeviceChoice.Parse("cuda:1"), 2, s_devices, []));
        Assert.Equal("Tft:Device asks for cuda:1, which is NVIDIA H100 80GB HBM3, but this build has only the C# engine, which computes on the processor; build with TFT_PACKAGES=full (docs/gpu.md).", error.Message);
    }

    [Fact]
    public void Choose_AnEngineThatCannotUseTheDevice_AutoGivesWayAndCudaSaysWhy()
    {
        var broken = new Factory("the driver is too old");
        Assert.Contains("the driver is too old", DeviceEngine.Choose(DeviceChoice.Parse("auto"), 1, s_devices, [broken]).Report[1], StringComparison.Ordinal);
        Assert.Contains("but the driver is too old", Assert.Throws<InvalidOperationException>(() => DeviceEngine.Choose(DeviceChoice.Parse("cuda"), 1, s_devices, [broken])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Choose_ADeviceThatNoMachineHas_SaysWhatIsVisible() =>
        Assert.Contains("Tft:Device asks for cuda:99, but ", Assert.Throws<InvalidOperationException>(() => DeviceEngine.Choose("cuda:99", 1)).Message, StringComparison.Ordinal);

    private sealed class Factory(string? fault = null) : IEngineFactory
    {
        public IForecastEngine Create(GpuDevice device) => fault is null ? new Engine($"cuda:{device.Index}") : throw new InvalidOperationException(fault);
    }

    private sealed class Engine(string device) : IForecastEngine
    {
        public string Name => "Fake";

        public string Device => device;

        public IForecastModel Load(TftWeights weights) => throw new NotSupportedException();

        public ILearner Learner(TftConfig config) => throw new NotSupportedException();
    }
}
