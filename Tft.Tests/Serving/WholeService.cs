using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Tft.Inference.Forecasts.Snapshots;

namespace Tft.Tests.Serving;

/// <summary>The whole service in process with its own clock and loops; over one data folder it can be started again.</summary>
/// <param name="data">Its data folder.</param>
/// <param name="models">Folder of model folders; null: those beside the solution.</param>
internal sealed class WholeService(string data, string? models = null) : WebApplicationFactory<SnapshotStore>
{
    private const string Key = "tft_test_key";

    public HttpClient Client()
    {
        var client = CreateClient();
        client.DefaultRequestHeaders.Add("X-API-Key", Key);
        return client;
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseSetting("Tft:ApiKey", Key);
        builder.UseSetting("Tft:DataDirectory", data);
        builder.UseSetting("Tft:Redis", "none");
        if (models is not null)
            builder.UseSetting("Tft:Model", "latest").UseSetting("Tft:ModelsDirectory", models);
    }
}
