using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Tft.Bench.Ingest;
using Tft.Bench.Reporting;

namespace Tft.Bench.Serve;

/// <summary>Asks GET /predict over one kept connection and measures from the request to the last byte of the answer.</summary>
internal sealed class PredictClient : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(3);

    private readonly HttpClient _client;

    public PredictClient(int port)
    {
        _client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}"), Timeout = s_patience };
        _client.DefaultRequestHeaders.Add("X-API-Key", ServiceProcess.Key);
    }

    /// <summary>Until all servers are forecast from windows of so many steps.</summary>
    public async Task WaitAsync(int servers, int steps, CancellationToken cancellationToken)
    {
        var waited = Stopwatch.StartNew();
        while (true)
        {
            using var answer = JsonDocument.Parse(await _client.GetStringAsync(new Uri("/status", UriKind.Relative), cancellationToken));
            var warmup = answer.RootElement.GetProperty("warmup");
            if (warmup.GetProperty("servers_tracked").GetInt32() == servers && warmup.GetProperty("current_size").GetInt32() >= steps)
                return;
            if (waited.Elapsed > s_patience)
                throw new InvalidOperationException($"After {s_patience.TotalMinutes} min the fleet is not forecast: {warmup.GetRawText()}");
            await Poll.PauseAsync(cancellationToken);
        }
    }

    /// <summary>Addresses of all pages of the fleet.</summary>
    public async Task<IReadOnlyList<string>> PagesAsync(CancellationToken cancellationToken)
    {
        List<string> pages = ["/predict"];
        while (true)
        {
            using var answer = JsonDocument.Parse(await _client.GetStringAsync(new Uri(pages[^1], UriKind.Relative), cancellationToken));
            if (answer.RootElement.GetProperty("next").GetString() is not { } next)
                return pages;
            pages.Add($"/predict?after={Uri.EscapeDataString(next)}");
        }
    }

    /// <summary>Asks page after page.</summary>
    /// <param name="pages">Addresses.</param>
    /// <param name="time">For so long.</param>
    /// <param name="conditional">True sends the ETag of the answer before and expects 304.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<Latencies> MeasureAsync(IReadOnlyList<string> pages, TimeSpan time, bool conditional, CancellationToken cancellationToken)
    {
        var latencies = new Latencies();
        var buffer = new byte[64 * 1024];
        EntityTagHeaderValue? tag = null;
        var whole = Stopwatch.StartNew();
        for (var i = 0; whole.Elapsed < time; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, pages[i % pages.Count]);
            request.Headers.AcceptEncoding.ParseAdd("br");
            if (conditional && tag is not null)
                request.Headers.IfNoneMatch.Add(tag);
            var one = Stopwatch.GetTimestamp();
            using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
            long bytes = 0;
            while (await body.ReadAsync(buffer, cancellationToken) is var read and > 0)
                bytes += read;
            var elapsed = Stopwatch.GetElapsedTime(one);
            if (response.StatusCode is not (HttpStatusCode.OK or HttpStatusCode.NotModified))
                throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"{request.RequestUri}: status {(int)response.StatusCode}"));
            if (!conditional || response.StatusCode == HttpStatusCode.NotModified)
                latencies.Add(elapsed, bytes);
            tag = response.Headers.ETag;
        }

        return latencies;
    }

    public void Dispose() => _client.Dispose();
}
