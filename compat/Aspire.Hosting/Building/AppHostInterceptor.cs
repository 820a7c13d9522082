using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Building;

/// <summary>Lets a test take part in the building of an AppHost whose entry point it runs.</summary>
internal abstract class AppHostInterceptor
{
    private static readonly AsyncLocal<AppHostInterceptor?> CurrentOfFlow = new();

    /// <summary>The interceptor of this flow of execution: tests in parallel don't see each other's.</summary>
    public static AppHostInterceptor? Current
    {
        get => CurrentOfFlow.Value;
        set => CurrentOfFlow.Value = value;
    }

    public abstract void OnBuilderCreating(DistributedApplicationOptions options, HostApplicationBuilderSettings settings);

    public abstract void OnBuilderCreated(DistributedApplicationBuilder builder);

    /// <summary>Called in Build: may block until the test has made its changes.</summary>
    public abstract void OnBuilding(DistributedApplicationBuilder builder);

    /// <summary>Called with the built application: may throw to leave the entry point.</summary>
    public abstract void OnBuilt(DistributedApplication application);
}
