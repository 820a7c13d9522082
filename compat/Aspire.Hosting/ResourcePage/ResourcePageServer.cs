using System.Net;
using Aspire.Hosting.ApplicationModel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.ResourcePage;

/// <summary>
/// The page of resources, in the place of Aspire's dashboard: at the AppHost's own address (ASPNETCORE_URLS, set by its
/// launch profile). It has no sign-in, so it listens on loopback only.
/// </summary>
internal sealed class ResourcePageServer(
    DistributedApplicationModel model,
    ResourceNotificationService notifications,
    ResourceLoggerService logs,
    ResourceCommandService commands,
    IHostEnvironment environment,
    IConfiguration configuration) : IHostedService, IAsyncDisposable
{
    public const string DefaultUrl = "http://localhost:18888";

    private WebApplication? _web;

    /// <summary>Where the page is, once it is started.</summary>
    public string? Url { get; private set; }

    /// <exception cref="DistributedApplicationException">The address is not loopback, or taken.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (_web is not null)
            return;
        var url = Address();
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = environment.ContentRootPath });
        builder.Logging.ClearProviders();

        // CreateSlimBuilder reads ASPNETCORE_URLS too: this page answers at one address
        builder.WebHost.ConfigureKestrel(kestrel => Listen(kestrel, url));
        _web = builder.Build();
        _web.Use(PageSecurity.GuardAsync);
        var token = new PageToken();
        _web.MapGet("/", () => Html(ResourcePageHtml.List(environment.ApplicationName, model, notifications, logs, token)));
        _web.MapGet("/logs/{name}", (string name) => Exists(name)
            ? Html(ResourcePageHtml.Logs(name, logs.TailLines(name, 1000)))
            : Results.NotFound());
        _web.MapPost("/resources/{name}/{command}", (string name, string command, HttpRequest request) => CommandAsync(name, command, request, token));

        try
        {
            await _web.StartAsync(cancellationToken);
        }
        catch (IOException taken)
        {
            throw new DistributedApplicationException(
                $"The resource page cannot listen on {url}: {taken.Message} Stop the program that has the port, or set another applicationUrl in "
                + "the AppHost's Properties/launchSettings.json (or ASPNETCORE_URLS).",
                taken);
        }

        var bound = new Uri(_web.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        Url = $"http://localhost:{bound.Port}";
    }

    public Task StopAsync(CancellationToken cancellationToken) => _web?.StopAsync(cancellationToken) ?? Task.CompletedTask;

    public ValueTask DisposeAsync() => _web?.DisposeAsync() ?? ValueTask.CompletedTask;

    private static void Listen(Microsoft.AspNetCore.Server.Kestrel.Core.KestrelServerOptions kestrel, Uri url)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = 16 * 1024;
        if (url.Port == 0)
            kestrel.Listen(IPAddress.Loopback, 0);
        else
            kestrel.ListenLocalhost(url.Port);
    }

    private static IResult Html(string html) => Results.Content(html, "text/html; charset=utf-8");

    private Uri Address()
    {
        var addresses = (configuration["ASPNETCORE_URLS"] ?? DefaultUrl).Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var text = addresses.FirstOrDefault(address => address.StartsWith("http://", StringComparison.OrdinalIgnoreCase)) ?? DefaultUrl;
        return Uri.TryCreate(text, UriKind.Absolute, out var url) && url.IsLoopback
            ? url
            : throw new DistributedApplicationException(
                $"The resource page can only listen on loopback, for it has no sign-in: ASPNETCORE_URLS is '{text}'. Use http://localhost:PORT.");
    }

    private bool Exists(string name) => model.Resources.Any(resource => string.Equals(resource.Name, name, StringComparison.OrdinalIgnoreCase));

    private async Task<IResult> CommandAsync(string name, string command, HttpRequest request, PageToken token)
    {
        if (!request.HasFormContentType)
            return Results.StatusCode(StatusCodes.Status415UnsupportedMediaType);
        var form = await request.ReadFormAsync();
        if (!token.Matches(form["token"].ToString()))
            return Results.Text("The form is not from this run of the page: reload it.", statusCode: StatusCodes.Status403Forbidden);
        var result = await commands.ExecuteCommandAsync(name, command, request.HttpContext.RequestAborted);
        return result.Success
            ? Results.LocalRedirect("/")
            : Results.Text(result.ErrorMessage, statusCode: StatusCodes.Status409Conflict);
    }
}
