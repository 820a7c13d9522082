namespace Aspire.Hosting.Testing;

/// <summary>The builder of an AppHost as its own Program left it: a test may change it before it is built.</summary>
public interface IDistributedApplicationTestingBuilder : IDistributedApplicationBuilder, IAsyncDisposable, IDisposable
{
    /// <summary>Builds the application; the AppHost's Program ends here.</summary>
    Task<DistributedApplication> BuildAsync(CancellationToken cancellationToken = default);
}
