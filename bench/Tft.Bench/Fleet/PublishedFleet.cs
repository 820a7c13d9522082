using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Tft.Bench.Ingest;

namespace Tft.Bench.Fleet;

/// <summary>Sees when all of a fleet is forecast from a step: by the origins of servers of every block, each of which is published as a whole.</summary>
internal sealed class PublishedFleet : IDisposable
{
    private const int Block = 256;
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(30);
    private readonly HttpClient _client;
    private readonly string[] _sample;

    public PublishedFleet(int port, int servers)
    {
        _client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}"), Timeout = TimeSpan.FromMinutes(3) };
        _client.DefaultRequestHeaders.Add("X-API-Key", ServiceProcess.Key);
        // numbers follow the order of arrival, which two connections mix: several of each block's size are asked
        _sample = [.. Enumerable.Range(0, servers).Where(i => i % (Block / 4) == 0 || i == servers - 1).Select(i => string.Create(CultureInfo.InvariantCulture, $"host{i:D6}"))];
    }

    /// <summary>Until all sampled servers are forecast from the window that ends before <paramref name="origin"/>.</summary>
    /// <param name="origin">Unix seconds of the forecast's origin.</param>
    /// <param name="meanwhile">Called at each look.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="InvalidOperationException">They are not after half an hour, or the fallback forecast them.</exception>
    public async Task WaitAsync(long origin, Action meanwhile, CancellationToken cancellationToken)
    {
        var waited = Stopwatch.StartNew();
        var expected = DateTimeOffset.FromUnixTimeSeconds(origin);
        for (var at = 0; at < _sample.Length;)
        {
            using var answer = await GetAsync($"/predict/{_sample[at]}", cancellationToken);
            var server = answer.RootElement;
            if (server.GetProperty("origin").GetDateTimeOffset() >= expected)
            {
                if (server.GetProperty("model_type").GetString() is not "TFT")
                    throw new InvalidOperationException($"{_sample[at]} was not forecast by the model: {server.GetProperty("fallback_reason").GetString()}");
                at++;
                continue;
            }

            if (waited.Elapsed > s_patience)
                throw new InvalidOperationException($"{_sample[at]} is not forecast from {expected:u} after {s_patience.TotalMinutes} min.");
            meanwhile();
            await Task.Delay(100, cancellationToken);
        }
    }

    /// <summary>The model that forecast.</summary>
    public async Task<string> ModelAsync(CancellationToken cancellationToken)
    {
        using var status = await GetAsync("/status", cancellationToken);
        return status.RootElement.GetProperty("model").GetProperty("version").GetString()!;
    }

    public void Dispose() => _client.Dispose();

    private async Task<JsonDocument> GetAsync(string address, CancellationToken cancellationToken) =>
        JsonDocument.Parse(await _client.GetByteArrayAsync(new Uri(address, UriKind.Relative), cancellationToken));
}
