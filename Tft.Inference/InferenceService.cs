using Tft.Inference.Serving;

namespace Tft.Inference;

/// <summary>What the service is made of, in the order in which a record goes through it.</summary>
internal static class InferenceService
{
    public const int DefaultPort = 8000;

    /// <summary>Builds the service from command line, environment and settings; starts nothing.</summary>
    public static WebApplication Build(string[] arguments)
    {
        var builder = WebApplication.CreateBuilder(arguments);
        builder.UseDefaultPort();

        builder.AddServing();

        var app = builder.Build();
        app.MapServing();
        return app;
    }

    /// <summary>Alone, without a launch profile, an AppHost or --urls, the service listens on loopback.</summary>
    private static void UseDefaultPort(this WebApplicationBuilder builder)
    {
        string[] keys = ["urls", "http_ports", "https_ports"];
        if (keys.All(key => string.IsNullOrEmpty(builder.Configuration[key])))
            builder.WebHost.UseUrls($"http://localhost:{DefaultPort}");
    }
}
