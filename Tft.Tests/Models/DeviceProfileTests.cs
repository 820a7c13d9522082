using System.Collections.Concurrent;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Tft.Contract.Metrics;
using Tft.Forecasting.Engines;
using Tft.Forecasting.Engines.Gpu;
using Tft.Forecasting.Network;
using Tft.Inference.Forecasts;
using Tft.Inference.Models;
using Tft.Tests.Infrastructure;
using Tft.Tests.Serving;

namespace Tft.Tests.Models;

/// <summary>Where a graphics processor forecasts, batches are of its profile's size; seen with an engine that stands in for one.</summary>
[Trait("Ring", "service")]
public sealed class DeviceProfileTests : IDisposable
{
    private const int Servers = 150;
    private static readonly GpuDevice s_h100 = new(0, "NVIDIA H100 80GB HBM3", 9, 0, 80L << 30);
    private static readonly GpuDevice s_rtx = new(0, "NVIDIA GeForce RTX 4090", 8, 9, 24L << 30);

    private readonly TempFolder _models = new();

    [Theory]
    [InlineData(null, 4, 64, 64)]
    [InlineData("RTX 4090", 4, 128, 64)]
    [InlineData("H100", 4, 1024, 256)]
    [InlineData("H100", 1, 1024, 128)]
    public void Read_AProfile_SaysHowManyWindowsAndServers(string? device, int workers, int windows, int servers)
    {
        var settings = new ConfigurationBuilder().AddInMemoryCollection([new("Tft:ForecastWorkers", $"{workers}")]).Build();
        var profile = device is null ? null : GpuProfile.For(device == "H100" ? s_h100 : s_rtx);

        var options = ModelOptions.Read(settings, profile);

        Assert.Equal((workers, windows, servers), (options.Workers, options.Windows, options.Servers));
    }

    [Fact]
    public void Forecast_OnAGraphicsProcessor_GivesItLargeBatchesAndTheSameForecasts()
    {
        TinyModel.Save(_models.Path, "tft_model_20260101_000000");
        var recording = new Recording();
        var device = DeviceEngine.Choose(DeviceChoice.Parse("auto"), 1, [s_h100], [recording]);

        using var onDevice = Forecast(device);
        using var onProcessor = Forecast(new DeviceEngine(new ManagedEngine(1), []));

        Assert.Equal("cuda:0", onDevice.Services.GetRequiredService<ModelStore>().Current!.Info.Device);
        Assert.InRange(recording.Batches.Max(), 65, 1024);
        Assert.All(Enumerable.Range(0, Servers), i => Assert.Equal(Published(onProcessor, i), Published(onDevice, i)));
    }

    public void Dispose() => _models.Dispose();

    private InferenceFixture Forecast(DeviceEngine device)
    {
        var service = new InferenceFixture(models: _models.Path, device: device);
        for (var i = 0; i < Servers; i++)
        {
            var more = i * 0.1f;
            service.Windows.Add($"ppweb{i:000}", 288, service.LastStep, step => Rows.Calm(step, memory: 40 + more));
        }

        Assert.Equal(Servers, service.Runner.RunChanged(default));
        return service;
    }

    private static float[] Published(InferenceFixture service, int server)
    {
        var found = service.Snapshots.Current.Find(server)!;
        Assert.Equal("TFT", found.Note.ModelType);
        var block = service.Snapshots.Current.BlockOf(found);
        return [.. Enumerable.Range(0, ForecastShape.Steps).Select(step => block.Forecasts.Get(server - block.First, Metric.MemUsed, 1, step))];
    }

    /// <summary>Stands in for an engine on a graphics processor: the one in C#, and what it was given.</summary>
    private sealed class Recording : IEngineFactory, IForecastEngine
    {
        private readonly ManagedEngine _managed = new(1);

        public ConcurrentBag<int> Batches { get; } = [];

        public string Name => "Recording";

        public string Device => "cuda:0";

        public IForecastEngine Create(GpuDevice device) => this;

        public IForecastModel Load(TftWeights weights) => new Model(_managed.Load(weights), Batches);

        public ILearner Learner(TftConfig config) => _managed.Learner(config);

        private sealed class Model(IForecastModel inner, ConcurrentBag<int> batches) : IForecastModel
        {
            public TftConfig Config => inner.Config;

            public void Forecast(WindowBatch batch, Span<float> quantiles, Explanation? explanation = null)
            {
                batches.Add(batch.Count);
                inner.Forecast(batch, quantiles, explanation);
            }

            public void Dispose() => inner.Dispose();
        }
    }
}
