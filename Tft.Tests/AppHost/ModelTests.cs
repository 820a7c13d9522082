using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Tft.Tests.Infrastructure;

namespace Tft.Tests.AppHost;

/// <summary>The wiring diagram, built but not started, and what it gives its resources.</summary>
public abstract class ModelTests : IDisposable
{
    private protected readonly TempFolder _data = new();

    public void Dispose()
    {
        _data.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected Task<IDistributedApplicationTestingBuilder> CreateAsync(params string[] args) => DistributedApplicationTestingBuilder
        .CreateAsync<Projects.Tft_AppHost>([$"--Tft:DataDirectory={_data.Path}", "--Tft:ApiKey=test-key", .. args])
        .DefaultTimeout();

    /// <summary>What the model gives a resource before anything has an address.</summary>
    private protected static async Task<Dictionary<string, object>> VariablesAsync(IDistributedApplicationBuilder builder, string name)
    {
        var resource = builder.Resources.Single(resource => resource.Name == name);
        var context = new EnvironmentCallbackContext(builder.ExecutionContext, resource);
        foreach (var annotation in resource.Annotations.OfType<EnvironmentCallbackAnnotation>())
            await annotation.Callback(context).DefaultTimeout();
        return context.EnvironmentVariables;
    }

    private protected static IEnumerable<string> WaitsOf(IDistributedApplicationBuilder builder, string name) =>
        builder.Resources.Single(resource => resource.Name == name).Annotations.OfType<WaitAnnotation>().Select(wait => wait.Resource.Name);
}
