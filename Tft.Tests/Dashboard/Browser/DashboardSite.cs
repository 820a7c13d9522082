using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Playwright;
using Tft.Contract.Servers;
using Tft.Dashboard;
using Tft.Tests.Dashboard.Fakes;
using Tft.Tests.Infrastructure;

namespace Tft.Tests.Dashboard.Browser;

/// <summary>The dashboard on a real port, a made-up service behind it, and a real Chromium before it.</summary>
public sealed class DashboardSite : IAsyncLifetime
{
    /// <summary>The tests that share one site.</summary>
    public const string Collection = "dashboard in a browser";

    public const string Hostile = "<img src=x onerror=\"document.title='owned'\">";
    private const string Chromium = "/usr/bin/chromium";

    private static readonly string[] s_arguments =
    [
        "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
        "--disable-component-update", "--disable-sync",
    ];

    private WebApplicationFactory<App>? _factory;
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    internal FakeInference Service { get; private set; } = null!;

    public string Address { get; private set; } = "";

    public async Task InitializeAsync()
    {
        if (!File.Exists(Chromium))
        {
            return;
        }

        var fleet = FakeFleet.Of(24);
        fleet.Origin = DateTimeOffset.FromUnixTimeSeconds(DateTimeOffset.UtcNow.ToUnixTimeSeconds() / 86_400 * 86_400).AddHours(8);
        fleet.Add(new(Hostile, ServerProfile.Generic) { IsFallback = true, MemoryDrift = 3 });
        Service = await FakeInference.StartAsync(fleet);
        _factory = new WebApplicationFactory<App>().WithWebHostBuilder(b =>
        {
            b.UseSetting(WebHostDefaults.ServerUrlsKey, "http://127.0.0.1:0");
            b.UseSetting("Tft:InferenceUrl", Service.Address.ToString());
            b.UseSetting("Tft:ApiKey", "key-of-a-test-0123456789abcdef0123456789");
            b.UseEnvironment("Development");
        });
        _factory.UseKestrel(0);
        _factory.StartServer();
        Address = _factory.ClientOptions.BaseAddress.ToString().TrimEnd('/');
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = Chromium, Headless = true, Args = s_arguments });
    }

    /// <summary>A window of its own, with the errors of its page; skips the test where there is no Chromium.</summary>
    internal async Task<Window> OpenAsync(string path, Action<BrowserNewContextOptions>? configure = null)
    {
        SkipUnless.True(_browser is not null, $"{Chromium} is not there");
        var options = new BrowserNewContextOptions { ViewportSize = new() { Width = 1400, Height = 900 }, TimezoneId = "Asia/Dubai", ColorScheme = ColorScheme.Light };
        configure?.Invoke(options);
        var context = await _browser!.NewContextAsync(options);
        context.SetDefaultTimeout((float)Eventually.Timeout.TotalMilliseconds);
        var window = new Window(context, await context.NewPageAsync());
        await window.GoAsync(Address + path);
        return window;
    }

    public async Task DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
        if (_factory is not null)
        {
            await _factory.DisposeAsync();
        }

        if (Service is not null)
        {
            await Service.DisposeAsync();
        }
    }
}

/// <summary>One browser window.</summary>
internal sealed class Window : IAsyncDisposable
{
    private readonly IBrowserContext _context;

    public Window(IBrowserContext context, IPage page)
    {
        (_context, Page) = (context, page);
        page.PageError += (_, error) => Errors.Add(error);
        page.Console += (_, message) =>
        {
            if (message.Type == "error")
            {
                Errors.Add(message.Text);
            }
        };
    }

    public IPage Page { get; }

    public List<string> Errors { get; } = [];

    /// <summary>Goes there and waits until the page is interactive: the browser's zone has been told.</summary>
    public async Task GoAsync(string address)
    {
        await Page.GotoAsync(address);
        await InteractiveAsync();
    }

    public Task InteractiveAsync() => Page.WaitForFunctionAsync("() => document.documentElement.dataset.interactive === 'true'");

    public ValueTask DisposeAsync() => _context.DisposeAsync();
}

[CollectionDefinition(DashboardSite.Collection)]
public sealed class DashboardSiteTests : ICollectionFixture<DashboardSite>;
