using Aspire.Hosting;
using Aspire.Hosting.Testing;
using Tft.Tests.Infrastructure;

namespace Tft.Tests.AppHost;

/// <summary>The whole AppHost with a data folder of its own, stopped behind the test, whatever becomes of it.</summary>
public abstract class SystemTests : IAsyncLifetime
{
    private protected const string Key = "test-key-of-the-system";
    private readonly TempFolder _data = new();

    /// <summary>What <see cref="StartAsync"/> has started.</summary>
    private protected DistributedApplication? App { get; private set; }

    public Task InitializeAsync() => Task.CompletedTask;

    public virtual async Task DisposeAsync()
    {
        if (App is not null)
        {
            await App.StopAsync().DefaultTimeout();
            await App.DisposeAsync();
        }

        _data.Dispose();
    }

    /// <summary>Starts it; waits for no resource.</summary>
    private protected async Task<DistributedApplication> StartAsync(string[] settings, CancellationToken cancellation)
    {
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.Tft_AppHost>([$"--Tft:DataDirectory={_data.Path}", $"--Tft:ApiKey={Key}", .. settings], cancellation);
        App = await builder.BuildAsync(cancellation);
        await App.StartAsync(cancellation);
        return App;
    }
}
