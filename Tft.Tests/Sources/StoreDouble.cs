using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Tft.Tests.Sources;

/// <summary>A store behind HTTP on a real port that answers as the test says.</summary>
internal sealed class StoreDouble : IAsyncDisposable
{
    private readonly WebApplication _app;

    private StoreDouble(WebApplication app) => _app = app;

    public string Url { get; private set; } = "";

    /// <param name="answer">What it answers.</param>
    /// <param name="port">0: a free one.</param>
    /// <param name="certificate">Null: plain HTTP.</param>
    public static async Task<StoreDouble> StartAsync(Func<HttpContext, Task> answer, int port = 0, X509Certificate2? certificate = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port, listen =>
        {
            if (certificate is not null)
                listen.UseHttps(certificate);
        }));
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Run(context => answer(context));
        var store = new StoreDouble(app);
        await app.StartAsync();
        store.Url = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        return store;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(new CancellationToken(canceled: true)).ContinueWith(_ => { }, TaskScheduler.Default);
        await _app.DisposeAsync();
    }
}
