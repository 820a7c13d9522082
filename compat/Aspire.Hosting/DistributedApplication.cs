using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.ResourcePage;
using Aspire.Hosting.Running;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting;

/// <summary>A built application: starts its resources, watches them, stops them.</summary>
public class DistributedApplication(IHost host) : IHost, IAsyncDisposable
{
    public IServiceProvider Services => host.Services;

    public ResourceNotificationService ResourceNotifications => Services.GetRequiredService<ResourceNotificationService>();

    public ResourceCommandService ResourceCommands => Services.GetRequiredService<ResourceCommandService>();

    public static IDistributedApplicationBuilder CreateBuilder() => CreateBuilder([]);

    public static IDistributedApplicationBuilder CreateBuilder(string[] args) => new DistributedApplicationBuilder(args);

    public static IDistributedApplicationBuilder CreateBuilder(DistributedApplicationOptions options) => new DistributedApplicationBuilder(options);

    /// <summary>Returns when every resource has been created, which is after its waits; the last ones need not be healthy yet.</summary>
    /// <exception cref="DistributedApplicationException">A fixed port is taken.</exception>
    public virtual async Task StartAsync(CancellationToken cancellationToken = default)
    {
        await TakePortsAsync(cancellationToken);
        await host.StartAsync(cancellationToken);
    }

    public virtual Task StopAsync(CancellationToken cancellationToken = default) => host.StopAsync(cancellationToken);

    public virtual async Task RunAsync(CancellationToken cancellationToken = default)
    {
        var lifetime = Services.GetRequiredService<IHostApplicationLifetime>();
        try
        {
            await TakePortsAsync(cancellationToken);
            await host.RunAsync(cancellationToken);
        }
        catch (DistributedApplicationException)
        {
            await DisposeAsync();
            throw;
        }
        catch (OperationCanceledException) when (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            // Ctrl-C while resources were still waiting: a stop, not a failure
        }
    }

    /// <summary>Runs until Ctrl-C; an error of the model or of a port ends the process with its text and exit code 1.</summary>
    public void Run()
    {
        try
        {
            RunAsync().GetAwaiter().GetResult();
        }
        catch (DistributedApplicationException failure)
        {
            Console.Error.WriteLine(failure.Message);
            Environment.ExitCode = 1;
        }
    }

    public virtual void Dispose()
    {
        DisposeAsync().AsTask().GetAwaiter().GetResult();
        GC.SuppressFinalize(this);
    }

    public virtual async ValueTask DisposeAsync()
    {
        if (host is IAsyncDisposable asyncDisposable)
            await asyncDisposable.DisposeAsync();
        else
            host.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Before the host starts: a taken port is then one clear line, and not a log of everything that gave up.</summary>
    private async Task TakePortsAsync(CancellationToken cancellationToken)
    {
        Services.GetRequiredService<ApplicationRunner>().TakePorts();
        if (Services.GetService<ResourcePageServer>() is { } page)
            await page.StartAsync(cancellationToken);
    }
}
