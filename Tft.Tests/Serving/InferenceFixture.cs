using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Tft.Inference.Forecasts;
using Tft.Inference.Windows;
using Tft.Tests.Infrastructure;

namespace Tft.Tests.Serving;

/// <summary>The service in process over windows that the test fills, with a clock that it moves.</summary>
internal sealed class InferenceFixture : WebApplicationFactory<SnapshotStore>
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
        builder.ConfigureTestServices(services =>
        {
            services.AddSingleton<TimeProvider>(Clock);
            services.AddSingleton<IFleetWindows>(Windows);
            services.AddSingleton<IIngestStatus>(Windows);
            // tests run the forecaster themselves
            foreach (var hosted in services.Where(s => s.ImplementationType == typeof(ForecastLoop)).ToList())
                services.Remove(hosted);
        });
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing)
            _data.Dispose();
    }
}
