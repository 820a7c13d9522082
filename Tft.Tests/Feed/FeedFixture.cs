using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Tft.Inference;
using Tft.Inference.Security;
using Tft.Tests.Infrastructure;

namespace Tft.Tests.Feed;

/// <summary>The whole service in process behind its real HTTP server, with a data folder of its own.</summary>
public sealed class FeedFixture : IAsyncLifetime, IAsyncDisposable
{
    public const string Key = "key-of-the-test";

    private readonly TempFolder _folder = new();
    private WebApplication? _app;

    public HttpClient Client { get; private set; } = new();

    internal ApiKeyFile Keys => _app!.Services.GetRequiredService<ApiKeyFile>();

    public static string Now => DateTimeOffset.UtcNow.ToString("yyyy-MM-ddTHH:mm:ssZ");

    public Task InitializeAsync() => StartAsync();

    /// <param name="settings">As on the command line.</param>
    public async Task StartAsync(params string[] settings)
    {
        _app = InferenceService.Build(["--urls=http://127.0.0.1:0", $"--Tft:ApiKey={Key}", $"--Tft:DataDirectory={_folder.Path}", .. settings]);
        await _app.StartAsync().DefaultTimeout();
        Client = new HttpClient { BaseAddress = new Uri(_app.Urls.First()), Timeout = Eventually.Timeout };
        Client.DefaultRequestHeaders.Add("X-API-Key", Key);
        await Eventually.True(async () => (await Client.GetAsync("/health")).IsSuccessStatusCode, "the journal is read");
    }

    public async Task DisposeAsync()
    {
        Client.Dispose();
        if (_app is not null)
        {
            await _app.StopAsync().DefaultTimeout();
            await _app.DisposeAsync();
        }

        _folder.Dispose();
    }

    ValueTask IAsyncDisposable.DisposeAsync() => new(DisposeAsync());

    public Task<(int Status, JsonElement Body)> PostAsync(string body, string path = "/feed") => PostAsync(System.Text.Encoding.UTF8.GetBytes(body), path);

    public async Task<(int Status, JsonElement Body)> PostAsync(byte[] body, string path = "/feed", string? encoding = null, string? key = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse("application/json");
        if (encoding is not null)
            request.Content.Headers.ContentEncoding.Add(encoding);
        if (key is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        using var answer = await Client.SendAsync(request);
        var bytes = await answer.Content.ReadAsByteArrayAsync();
        Assert.Equal(answer.IsSuccessStatusCode ? "application/json" : "application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        return ((int)answer.StatusCode, JsonDocument.Parse(bytes).RootElement);
    }

    public static string Record(string name, string extra = "\"load_average\":1", string? time = null) =>
        $$"""{"timestamp":"{{time ?? Now}}","server_name":"{{name}}",{{extra}}}""";
}
