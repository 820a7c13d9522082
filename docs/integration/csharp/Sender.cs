using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

/// <summary>Sends what waits, oldest first, for as long as the service takes it.</summary>
internal sealed class Sender(Spool spool, Uri url, string key, string source) : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false }) { Timeout = TimeSpan.FromSeconds(30) };
    private int _failures;

    /// <summary>When the next try makes sense.</summary>
    public DateTime RetryAt { get; private set; }

    public void Dispose() => _http.Dispose();

    public async Task DrainAsync()
    {
        while (spool.Oldest is { } file)
        {
            var body = await File.ReadAllTextAsync(file);
            var (status, answer, retryAfter) = await PostAsync(body);
            var code = $"{status} {Text(answer, "code")}";
            switch (status)
            {
                case 200:
                    PrintRejected(answer);
                    File.Delete(file);
                    break;
                case 413 when JsonNode.Parse(body) is JsonArray { Count: > 1 } records:
                    spool.Split(file, records);
                    break;
                case 400 or 413:
                    PrintRejected(answer);
                    spool.PutAside(file, code);
                    break;
                case 0 or 408 or 429 or >= 500:
                    var pause = retryAfter ?? Backoff();
                    _failures++;
                    RetryAt = DateTime.UtcNow + pause;
                    Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{code}: again in {pause.TotalSeconds:0.0} s; {spool.Count} batches wait"));
                    return;
                default:
                    throw new InvalidOperationException($"{code}: {Text(answer, "detail")} Check TFT_API_KEY and TFT_URL ({url}); {spool.Count} batches stay in {spool.Folder}.");
            }

            _failures = 0;
        }

        RetryAt = default;
    }

    private async Task<(int Status, JsonObject? Answer, TimeSpan? RetryAfter)> PostAsync(string body)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
            request.Headers.Add("X-API-Key", key);
            request.Headers.Add("X-Tft-Source", source);
            using var response = await _http.SendAsync(request);
            var text = await response.Content.ReadAsStringAsync();
            return ((int)response.StatusCode, Parse(text), Asked(response));
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException or IOException)
        {
            return (0, new JsonObject { ["code"] = e.Message }, null);
        }
    }

    /// <summary>What Retry-After says, at most five minutes of it.</summary>
    private static TimeSpan? Asked(HttpResponseMessage response) =>
        response.StatusCode != HttpStatusCode.OK && response.Headers.RetryAfter?.Delta is { } delta
            ? TimeSpan.FromSeconds(Math.Clamp(delta.TotalSeconds, 0, 300))
            : null;

    /// <summary>Full jitter below a ceiling that doubles up to a minute.</summary>
    private TimeSpan Backoff() => TimeSpan.FromSeconds(0.1 + Random.Shared.NextDouble() * Math.Min(60, 0.5 * Math.Pow(2, Math.Min(_failures, 10))));

    private static JsonObject? Parse(string text)
    {
        try
        {
            return JsonNode.Parse(text) as JsonObject;
        }
        catch (JsonException)
        {
            // A proxy's page: the status says enough.
            return null;
        }
    }

    private static string? Text(JsonObject? answer, string member) => answer?[member]?.ToString();

    private static void PrintRejected(JsonObject? answer)
    {
        foreach (var r in answer?["rejected"] as JsonArray ?? [])
            Console.Error.WriteLine($"rejected {r?["server_name"]}: {r?["code"]}: {r?["message"]}");
    }
}
