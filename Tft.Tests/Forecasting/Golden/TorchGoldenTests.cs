using Tft.Forecasting.Engines;
using Tft.Forecasting.Engines.Torch;
using Xunit.Abstractions;

namespace Tft.Tests.Forecasting.Golden;

/// <summary>The engine on PyTorch's kernels against the reference's numbers, on the processor. Only in the full package set.</summary>
[Trait("Ring", "unit")]
[Collection("PyTorch")]
public sealed class TorchGoldenTests(ITestOutputHelper output) : EngineGoldenTests(output)
{
    protected override IForecastEngine Engine { get; } = new TorchEngine(gpu: null);
}
