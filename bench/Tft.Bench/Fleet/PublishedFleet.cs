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
    private readonly Stopwatch _waited = Stopwatch.StartNew();
    private long _origin;
    private int _seen;

    public PublishedFleet(int port, int servers)
    {
        _client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}"), Timeout = TimeSpan.FromMinutes(3) };
        _client.DefaultRequestHeaders.Add("X-API-Key", ServiceProcess.Key);
        // numbers follow the order of arrival, which two connections mix: several of each block's size are asked
        _sample = [.. Enumerable.Range(0, servers).Where(i => i % (Block / 4) == 0 || i == servers - 1).Select(i => string.Create(CultureInfo.InvariantCulture, $"host{i:D6}"))];
    }

    /// <summary>Whether all sampled servers are forecast from the window that ends before <paramref name="origin"/>.</summary>
    /// <param name="origin">Unix seconds of the forecast's origin; a later one than that of the call before begins anew.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="InvalidOperationException">They are not after half an hour, or the fallback forecast them.</exception>
    public async Task<bool> IsForecastAsync(long origin, CancellationToken cancellationToken)
    {
        if (_origin != origin)
        {
            (_origin, _seen) = (origin, 0);
            _waited.Restart();
        }

        var expected = DateTimeOffset.FromUnixTimeSeconds(origin);
        for (; _seen < _sample.Length; _seen++)
        {
            using var answer = await GetAsync($"/predict/{_sample[_seen]}", cancellationToken);
            var server = answer.RootElement;
            var at = server.GetProperty("origin").GetDateTimeOffset();
            if (_waited.Elapsed > s_patience)
                throw new InvalidOperationException($"{_sample[_seen]} is not forecast from {expected:u} after {s_patience.TotalMinutes} min.");
            if (at < expected)
                return false;
            if (at > expected || server.GetProperty("model_type").GetString() is not "TFT")
                throw new InvalidOperationException($"{_sample[_seen]} was not forecast by the model from {expected:u}, but from {at:u}: {server.GetProperty("fallback_reason").GetString()}");
        }

        return true;
    }

    /// <summary>Servers that have a state from weeks.</summary>
    public async Task<int> StatesAsync(CancellationToken cancellationToken)
    {
        using var status = await GetAsync("/status", cancellationToken);
        return status.RootElement.GetProperty("history").GetProperty("states").GetInt32();
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
