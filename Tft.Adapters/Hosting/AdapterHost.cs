using Microsoft.Extensions.Options;
using Tft.Adapters.Cursors;
using Tft.Adapters.Loop;
using Tft.Adapters.Mapping;
using Tft.Adapters.Pushing;
using Tft.Adapters.Sources;
using Tft.Adapters.Telemetry;
using Tft.ServiceDefaults;
using Tft.ServiceDefaults.Clients;
using Tft.ServiceDefaults.Keys;

namespace Tft.Adapters.Hosting;

/// <summary>One adapter as a process: a small web application on loopback that serves /health, and the loop.</summary>
internal static partial class AdapterHost
{
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(SourceKind kind, IReadOnlyDictionary<string, string?> keys, TextWriter output, CancellationToken cancellationToken)
    {
        await using var app = Build(kind, keys, output);
        LogKey(app);
        if (app.Services.GetRequiredService<AdapterOptions>().Once)
            return await OnceAsync(app, cancellationToken);
        await app.RunAsync(cancellationToken);
        return Environment.ExitCode;
    }

    public static WebApplication Build(SourceKind kind, IReadOnlyDictionary<string, string?> keys, TextWriter output)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.AddInMemoryCollection(keys);
        if (string.IsNullOrEmpty(builder.Configuration[WebHostDefaults.ServerUrlsKey]))
            builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.AddServiceDefaults();
        builder.AddInferenceClient();
        Quiet(builder.Logging);

        var options = OptionsBinding.Bind<AdapterOptions>(builder.Configuration, AdapterOptions.Section);
        options.Name = options.Name.Length > 0 ? options.Name : kind.Name;
        builder.Services.AddSingleton(options);
        AddLoop(builder, options, output);
        kind.Add(builder, options);

        var app = builder.Build();
        app.MapDefaultEndpoints();
        kind.Map(app);
        return app;
    }

    private static void AddLoop(WebApplicationBuilder builder, AdapterOptions options, TextWriter output)
    {
        var folder = DataFolder.Find(builder.Configuration);
        var services = builder.Services;
        services.AddSingleton<AdapterTelemetry>();
        services.AddSingleton<SourceHealth>();
        services.AddHealthChecks().AddCheck<SourceHealth>("source");
        services.AddSingleton(new MappingTrace(options.Verbose || options.DryRun));
        services.AddSingleton(p => new MappingView(p.GetRequiredService<MappingTrace>(), output));
        services.AddSingleton(new CursorFile(Path.Combine(folder, $"{options.Name}.cursor.json"), options.Name));
        services.AddSingleton(_ => new KnownServers(Path.Combine(folder, $"{options.Name}.servers")));
        services.AddSingleton(p => new DeadLetterFile(Path.Combine(folder, $"{options.Name}.dead.jsonl"), options.DeadLetterMegabytes, p.GetRequiredService<TimeProvider>()));
        services.AddSingleton(p => new FeedPusher(
            p.GetRequiredService<IHttpClientFactory>().CreateClient(InferenceClient.Name),
            options,
            FeedRetry.Build(options, p.GetRequiredService<AdapterTelemetry>(), p.GetRequiredService<SourceHealth>(), p.GetRequiredService<TimeProvider>(), p.GetRequiredService<ILogger<FeedPusher>>()),
            p.GetRequiredService<DeadLetterFile>(),
            p.GetRequiredService<AdapterTelemetry>(),
            p.GetRequiredService<ILogger<FeedPusher>>()));
        services.AddSingleton<AdapterLoop>();
        services.AddHostedService<AdapterWorker>();
    }

    /// <summary>Information from us, only trouble from the framework.</summary>
    private static void Quiet(ILoggingBuilder logging)
    {
        logging.AddFilter("Microsoft", LogLevel.Warning);
        logging.AddFilter("System.Net.Http", LogLevel.Warning);
        logging.AddFilter("Polly", LogLevel.Error);
        logging.AddSimpleConsole(console => console.SingleLine = true);
    }

    private static async Task<int> OnceAsync(WebApplication app, CancellationToken cancellationToken)
    {
        var logger = app.Services.GetRequiredService<ILogger<AdapterLoop>>();
        try
        {
            if (await app.Services.GetRequiredService<AdapterLoop>().PollAsync(cancellationToken) == 0)
                Log.NothingThere(logger);
            return 0;
        }
        catch (Exception e) when (e is SourceException or PushFailedException or CursorException or OptionsValidationException)
        {
            Log.OnceFailed(logger, e.Message);
            return 1;
        }
    }

    private static void LogKey(WebApplication app)
    {
        var logger = app.Services.GetRequiredService<ILogger<ApiKeyLocator>>();
        var key = app.Services.GetRequiredService<ApiKeyLocator>().Find();
        if (key is null)
            Log.NoKey(logger);
        else if (key.Origin.EndsWith(DotEnv.FileName, StringComparison.Ordinal))
            Log.KeyFromFile(logger);
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 206, Level = LogLevel.Information, Message = "Loaded API key from .env")]
        public static partial void KeyFromFile(ILogger logger);

        [LoggerMessage(EventId = 207, Level = LogLevel.Warning, Message = "There is no API key yet (Tft:ApiKey, .env, TFT_API_KEY): the service will refuse what is pushed")]
        public static partial void NoKey(ILogger logger);

        [LoggerMessage(EventId = 209, Level = LogLevel.Warning, Message = "Nothing was read that could be sent: check the name of what is read, the fields of time, server and metrics, and whether something writes there")]
        public static partial void NothingThere(ILogger logger);

        [LoggerMessage(EventId = 208, Level = LogLevel.Error, Message = "{Reason}")]
        public static partial void OnceFailed(ILogger logger, string reason);
    }
}
