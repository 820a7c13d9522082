using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Http.Resilience;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

public static class ResilienceHttpClientBuilderExtensions
{
    /// <summary>
    /// Adds the standard pipeline to a client, or to all clients under <c>ConfigureHttpClientDefaults</c>. The pipeline's
    /// timeouts replace <see cref="HttpClient.Timeout"/>.
    /// </summary>
    public static IHttpStandardResiliencePipelineBuilder AddStandardResilienceHandler(this IHttpClientBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var pipeline = new PipelineBuilder($"{builder.Name}-standard", builder.Services);
        builder.Services.AddOptions<HttpStandardResilienceOptions>(pipeline.PipelineName).ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<HttpStandardResilienceOptions>>(new StandardResilienceOptionsValidator(pipeline.PipelineName));
        builder.Services.AddKeyedSingleton(pipeline, (services, _) => new StandardPipeline(
            services.GetRequiredService<IOptionsMonitor<HttpStandardResilienceOptions>>().Get(pipeline.PipelineName),
            pipeline.ByAuthority,
            services.GetService<TimeProvider>()));
        builder.ConfigureHttpClient(static client => client.Timeout = Timeout.InfiniteTimeSpan);
#pragma warning disable EXTEXP0001 // the type is the package's and experimental there
        builder.AddHttpMessageHandler(services => new ResilienceHandler(services.GetRequiredKeyedService<StandardPipeline>(pipeline).For));
#pragma warning restore EXTEXP0001
        return pipeline;
    }

    public static IHttpStandardResiliencePipelineBuilder AddStandardResilienceHandler(
        this IHttpClientBuilder builder, Action<HttpStandardResilienceOptions> configure)
        => builder.AddStandardResilienceHandler().Configure(configure);

    /// <summary>Takes every pipeline off that was added to this client before, those of the defaults as well.</summary>
    [Experimental("EXTEXP0001")]
    public static IHttpClientBuilder RemoveAllResilienceHandlers(this IHttpClientBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.ConfigureAdditionalHttpMessageHandlers(static (handlers, _) =>
        {
            foreach (var handler in handlers.OfType<ResilienceHandler>().ToArray()) handlers.Remove(handler);
        });
    }

    private sealed class PipelineBuilder(string name, IServiceCollection services) : IHttpStandardResiliencePipelineBuilder
    {
        public string PipelineName => name;

        public IServiceCollection Services => services;

        public bool ByAuthority { get; set; }
    }

    internal static void SplitByAuthority(IHttpStandardResiliencePipelineBuilder builder) => ((PipelineBuilder)builder).ByAuthority = true;
}
