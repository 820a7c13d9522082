using System.Globalization;
using System.Net;
using System.Text.Json;
using Tft.Inference.Serving.History;
using Tft.ServiceDefaults.Keys;

namespace Tft.Inference.Commands.History;

/// <summary>Fetches what a running service measured, by its GET /history/export, as a Parquet file.</summary>
/// <param name="client">Its base address is the service.</param>
/// <param name="key">Where the key was found, and the key; null where there is none.</param>
/// <param name="time">For the range and for waiting.</param>
internal sealed class HistoryDownload(HttpClient client, ApiKey? key, TimeProvider time)
{
    /// <summary>How far back is asked for; a service gives what it has.</summary>
    public const int MostDays = 60;

    private const long MostBytes = 16L * 1024 * 1024 * 1024;
    private const int MostWaits = 30;
    private static readonly TimeSpan s_wait = TimeSpan.FromSeconds(10);

    /// <summary>Fetches into a file, whole or not at all.</summary>
    /// <exception cref="InvalidDataException">The service can't be reached, refuses, or gives something else; the text says why and what to do.</exception>
    public async Task FetchAsync(string path, CancellationToken cancellation)
    {
        var part = path + ".part";
        try
        {
            using var answer = await AskAsync(cancellation);
            File.Delete(part);
            await using (var file = new BoundedFile(part, MostBytes))
                await answer.Content.CopyToAsync(file, cancellation);
            File.Move(part, path, overwrite: true);
        }
        catch (HttpRequestException e)
        {
            throw new InvalidDataException($"The history of {client.BaseAddress} cannot be fetched: {e.Message}", e);
        }
        finally
        {
            File.Delete(part);
        }
    }

    private async Task<HttpResponseMessage> AskAsync(CancellationToken cancellation)
    {
        var from = time.GetUtcNow().AddDays(-MostDays).UtcDateTime;
        var path = string.Create(CultureInfo.InvariantCulture, $"history/export?format=parquet&from={from:yyyy-MM-ddTHH:mm:ssZ}");
        for (var attempt = 0; ; attempt++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(path, UriKind.Relative));
            if (key is not null)
                request.Headers.Add("X-API-Key", key.Value);
            var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
            if (answer.StatusCode == HttpStatusCode.OK && answer.Content.Headers.ContentType?.MediaType == ParquetExport.ContentType)
                return answer;
            using (answer)
            {
                if (answer.StatusCode is not (HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable) || attempt == MostWaits)
                    throw new InvalidDataException(await ReasonAsync(answer, cancellation));
                await Task.Delay(answer.Headers.RetryAfter?.Delta is { } asked && asked < s_wait ? asked : s_wait, time, cancellation);
            }
        }
    }

    private async Task<string> ReasonAsync(HttpResponseMessage answer, CancellationToken cancellation)
    {
        var what = $"{client.BaseAddress} answered {(int)answer.StatusCode} when its history was asked for";
        return answer.StatusCode switch
        {
            HttpStatusCode.OK => $"{what}, but not with Parquet: is it the inference service?",
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden when key is null =>
                $"{what}: it wants a key with the scope read. Set {ApiKeyLocator.Variable}, or run the command where .env lies.",
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => $"{what}: the key from {key.Origin} is not one of its keys, or lacks the scope read.",
            HttpStatusCode.NotFound => $"{what}: is it the inference service, and of this version?",
            _ => $"{what}: {await DetailAsync(answer, cancellation)}",
        };
    }

    private static async Task<string> DetailAsync(HttpResponseMessage answer, CancellationToken cancellation)
    {
        try
        {
            using var problem = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(cancellation));
            return problem.RootElement.ValueKind == JsonValueKind.Object && problem.RootElement.TryGetProperty("detail", out var detail) ? detail.ToString() : "it does not say why.";
        }
        catch (JsonException)
        {
            return "it does not say why.";
        }
    }
}
