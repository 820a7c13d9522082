using Tft.AppHost;

SettingsErrors.Report(() =>
{
    var builder = DistributedApplication.CreateBuilder(args);
    var settings = AppHostSettings.Read(builder);

    // One key for all: adapters push with it, the dashboard reads with it
    var apiKey = builder.AddApiKey(settings);

    // The journal of what was fed: Redis, or files of the inference service itself
    var redis = builder.AddRedisChoice(settings);

    var inference = builder.AddProject<Projects.Tft_Inference>("inference")
        .WithRedis(redis)
        .WithTftSettings(settings, apiKey)
        .WithHttpHealthCheck("/health");

    foreach (var source in settings.Sources)
    {
        // where its server is, and for a demonstration what fills it
        var store = builder.AddStoreChoice(source, settings);
        var seeder = builder.AddSeeder(source, settings, store, apiKey);

        // no launch profile: each adapter needs a port of its own
        builder.AddProject<Projects.Tft_Adapters>($"adapter-{source}", launchProfileName: null)
            .WithHttpEndpoint()
            .WithArgs(source)
            .WithReference(inference)
            .WithStore(source, store)
            .WithTftSettings(settings, apiKey, source)
            .WithDemo(source, settings, seeder)
            .WithHttpHealthCheck("/health")
            .WaitFor(inference);
    }

    builder.AddProject<Projects.Tft_Dashboard>("dashboard")
        .WithReference(inference)
        .WithTftSettings(settings, apiKey)
        .WithHttpHealthCheck("/health")
        .WithExternalHttpEndpoints()
        .WaitFor(inference);

    builder.Build().Run();
});
