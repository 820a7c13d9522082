using Tft.Forecasting.Engines.Gpu;

namespace Tft.Tests.Forecasting.Engines;

[Trait("Ring", "unit")]
public sealed class DeviceChoiceTests
{
    private static readonly GpuDevice[] s_two = [new(0, "first", 8, 0, 1), new(1, "second", 8, 0, 1)];

    [Theory]
    [InlineData(null, DeviceKind.Auto, 0)]
    [InlineData(" auto ", DeviceKind.Auto, 0)]
    [InlineData("CPU", DeviceKind.Cpu, 0)]
    [InlineData("cuda", DeviceKind.Cuda, 0)]
    [InlineData("cuda:12", DeviceKind.Cuda, 12)]
    public void Parse_EachForm_IsRead(string? text, DeviceKind kind, int index) => Assert.Equal(new DeviceChoice(kind, index), DeviceChoice.Parse(text));

    [Theory]
    [InlineData("gpu")]
    [InlineData("cuda:")]
    [InlineData("cuda:-1")]
    [InlineData("cuda:1x")]
    public void Parse_AnythingElse_SaysWhatIsAllowed(string text)
    {
        var error = Assert.Throws<FormatException>(() => DeviceChoice.Parse(text));

        Assert.Contains(text, error.Message, StringComparison.Ordinal);
        Assert.Contains("cuda:N", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Choose_Auto_TakesTheFirstDeviceOrTheProcessor()
    {
        Assert.Equal(s_two[0], DeviceChoice.Parse("auto").Choose(s_two));
        Assert.Null(DeviceChoice.Parse("auto").Choose([]));
        Assert.Null(DeviceChoice.Parse("cpu").Choose(s_two));
        Assert.Equal(s_two[1], DeviceChoice.Parse("cuda:1").Choose(s_two));
    }

    [Fact]
    public void Choose_ADeviceThatIsNotThere_SaysWhichAre()
    {
        Assert.Contains("cuda:0 to cuda:1", Assert.Throws<InvalidOperationException>(() => DeviceChoice.Parse("cuda:2").Choose(s_two)).Message, StringComparison.Ordinal);
        Assert.Contains("no CUDA device", Assert.Throws<InvalidOperationException>(() => DeviceChoice.Parse("cuda").Choose([])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Devices_WhateverTheMachine_DoesNotThrow() =>
        Assert.All(CudaDriver.Devices(), d => Assert.False(string.IsNullOrEmpty(d.Name)));
}
