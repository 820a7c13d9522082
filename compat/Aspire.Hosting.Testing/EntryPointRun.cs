using System.Reflection;
using Aspire.Hosting.Building;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Testing;

/// <summary>
/// Runs an AppHost's Program on a thread of its own, up to its call of Build: there it waits for the test, then builds,
/// hands the application over and unwinds.
/// </summary>
internal sealed class EntryPointRun(Assembly appHost, string[] args) : AppHostInterceptor
{
    private readonly TaskCompletionSource<DistributedApplicationBuilder> _atBuild = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<DistributedApplication> _built = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _mayBuild = new();
    private volatile bool _abandoned;

    /// <summary>The builder as Program left it.</summary>
    /// <exception cref="InvalidOperationException">Program ended without building an application.</exception>
    public Task<DistributedApplicationBuilder> StartAsync(CancellationToken cancellationToken)
    {
        new Thread(Run) { IsBackground = true, Name = $"{appHost.GetName().Name} Program" }.Start();
        return _atBuild.Task.WaitAsync(cancellationToken);
    }

    public Task<DistributedApplication> BuildAsync(CancellationToken cancellationToken)
    {
        _mayBuild.TrySetResult();
        return _built.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Ends Program where it waits, if it never was to build.</summary>
    public void Abandon()
    {
        _abandoned = !_built.Task.IsCompleted;
        _mayBuild.TrySetResult();
    }

    public override void OnBuilderCreating(DistributedApplicationOptions options, HostApplicationBuilderSettings settings)
    {
        TestDefaults.Apply(options, appHost);
        settings.Args = options.Args;
        TestDefaults.ApplyLaunchProfile(settings, appHost);
    }

    public override void OnBuilderCreated(DistributedApplicationBuilder builder)
    {
    }

    public override void OnBuilding(DistributedApplicationBuilder builder)
    {
        _atBuild.TrySetResult(builder);
        _mayBuild.Task.Wait();
        if (_abandoned)
            throw new HostAbortedException();
    }

    public override void OnBuilt(DistributedApplication application)
    {
        _built.TrySetResult(application);
        throw new HostAbortedException();
    }

    private void Run()
    {
        Exception failure = new InvalidOperationException($"The entry point of {appHost.GetName().Name} ended without building an application.");
        try
        {
            Current = this;
            var main = appHost.EntryPoint ?? throw new InvalidOperationException($"{appHost.GetName().Name} has no entry point.");
            main.Invoke(null, main.GetParameters().Length == 0 ? [] : [args]);
        }
        catch (TargetInvocationException thrown) when (thrown.InnerException is HostAbortedException)
        {
            // our own way out of Build
        }
        catch (Exception thrown)
        {
            // whatever Program throws belongs to the test that runs it, not to this thread
            failure = thrown is TargetInvocationException { InnerException: { } inner } ? inner : thrown;
        }

        _atBuild.TrySetException(failure);
        _built.TrySetException(failure);
        _ = _atBuild.Task.Exception;
        _ = _built.Task.Exception;
    }
}
