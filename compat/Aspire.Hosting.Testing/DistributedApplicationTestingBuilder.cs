using System.Reflection;

namespace Aspire.Hosting.Testing;

/// <summary>Makes an AppHost testable: with random ports, without the resource page.</summary>
public static class DistributedApplicationTestingBuilder
{
    public static Task<IDistributedApplicationTestingBuilder> CreateAsync<TEntryPoint>(CancellationToken cancellationToken = default)
        where TEntryPoint : class => CreateAsync<TEntryPoint>([], cancellationToken);

    public static Task<IDistributedApplicationTestingBuilder> CreateAsync<TEntryPoint>(string[] args, CancellationToken cancellationToken = default)
        where TEntryPoint : class => CreateAsync(typeof(TEntryPoint), args, cancellationToken);

    /// <param name="entryPoint">Any type of the AppHost's assembly, such as <c>Projects.My_AppHost</c>.</param>
    /// <param name="args">Configuration of the AppHost: <c>Key=value</c> or <c>--Key=value</c>.</param>
    /// <param name="cancellationToken">Ends the waiting for the AppHost's Program.</param>
    public static async Task<IDistributedApplicationTestingBuilder> CreateAsync(Type entryPoint, string[] args, CancellationToken cancellationToken = default)
    {
        var run = new EntryPointRun(entryPoint.Assembly, args);
        return new TestingBuilder(run, await run.StartAsync(cancellationToken));
    }

    /// <summary>An empty application, to be filled by the test.</summary>
    public static IDistributedApplicationTestingBuilder Create(params string[] args)
    {
        var options = new DistributedApplicationOptions { Args = args };
        TestDefaults.Apply(options, Assembly.GetCallingAssembly());
        return new TestingBuilder(null, new DistributedApplicationBuilder(options));
    }
}
