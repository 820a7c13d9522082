using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Tft.Forecasting.Engines;
using Tft.Inference.Forecasts;
using Tft.Inference.Forecasts.Snapshots;
using Tft.Inference.Windows;
using Tft.Tests.Infrastructure;

namespace Tft.Tests.Serving;

/// <summary>The service in process over windows that the test fills, with a clock that it moves.</summary>
/// <param name="background">True where what runs by itself (events, files, journal) runs; the forecast loop never does.</param>
/// <param name="forecaster">In the place of the service's own.</param>
/// <param name="models">Folder of model folders; without one the service has no model.</param>
/// <param name="device">In the place of what this machine computes on.</param>
internal sealed class InferenceFixture(bool background = false, IForecaster? forecaster = null, string? models = null, DeviceEngine? device = null) : WebApplicationFactory<SnapshotStore>
{
    public const string Key = "tft_test_key";

    private readonly TempFolder _data = new();

    public FakeFleetWindows Windows { get; } = new();

    public FakeTimeProvider Clock { get; } = new();

    public long LastStep => Tft.Contract.Time.TimeGrid.StepOf(Clock.GetUtcNow()) - 1;

    public SnapshotStore Snapshots => Services.GetRequiredService<SnapshotStore>();

    public ForecastRunner Runner => Services.GetRequiredService<ForecastRunner>();

    public HttpClient Client()
    {
        var client = CreateClient();
        client.DefaultRequestHeaders.Add("X-API-Key", Key);
        return client;
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseSetting("Tft:ApiKey", Key);
        builder.UseSetting("Tft:DataDirectory", _data.Path);
        builder.UseSetting("Tft:Model", models is null ? "none" : "latest");
        if (models is not null)
            builder.UseSetting("Tft:ModelsDirectory", models);
        builder.ConfigureTestServices(services =>
        {
            services.AddSingleton<TimeProvider>(Clock);
            services.AddSingleton<IFleetWindows>(Windows);
            services.AddSingleton<IIngestStatus>(Windows);
            if (forecaster is not null)
                services.AddSingleton(forecaster);
            if (device is not null)
                services.AddSingleton(device);
            // Tests run the forecaster themselves; timers would fire hundreds of times whenever the clock is moved.
            foreach (var hosted in services.Where(IsOurs).ToList())
            {
                if (!background || hosted.ImplementationType == typeof(ForecastLoop))
                    services.Remove(hosted);
            }
        });
    }

    private static bool IsOurs(ServiceDescriptor service) =>
        service.ServiceType == typeof(IHostedService)
        && (service.ImplementationType ?? service.ImplementationFactory?.Method.DeclaringType)?.Assembly == typeof(SnapshotStore).Assembly;

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing)
            _data.Dispose();
    }
}
