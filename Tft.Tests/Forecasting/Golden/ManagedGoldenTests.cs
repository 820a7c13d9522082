using Tft.Forecasting.Engines;
using Xunit.Abstractions;

namespace Tft.Tests.Forecasting.Golden;

/// <summary>The engine in C#, its forecasts by tables, against the reference's numbers; on three threads, which share a small batch unevenly.</summary>
[Trait("Ring", "unit")]
public sealed class ManagedGoldenTests(ITestOutputHelper output) : EngineGoldenTests(output)
{
    private readonly ITestOutputHelper _output = output;

    protected override IForecastEngine Engine { get; } = new ManagedEngine(3);

    protected override void Describe(IForecastModel model) => _output.WriteLine($"largest table error {((ManagedModel)model).TableError:e1}");
}
