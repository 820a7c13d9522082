using System.Globalization;
using System.Text.Json;
using Tft.Adapters.Sources.Http;

namespace Tft.Adapters.Sources.Prometheus;

/// <summary>GET-free use of /api/v1/query_range: long queries go in the body.</summary>
internal sealed class PrometheusClient(HttpStore store)
{
    /// <summary>Gives each point of each series, grouped by the text of the label; series without the label are passed over.</summary>
    /// <param name="what">The metric, for errors.</param>
    public async Task QueryRangeAsync(
        string query, string what, string label, long start, long end, int step, Action<string, long, double> point, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "api/v1/query_range")
        {
            Content = new FormUrlEncodedContent(
            [
                new("query", query),
                new("start", start.ToString(CultureInfo.InvariantCulture)),
                new("end", end.ToString(CultureInfo.InvariantCulture)),
                new("step", step.ToString(CultureInfo.InvariantCulture)),
            ]),
        };
        using var response = await store.SendAsync(request, what, cancellationToken).ConfigureAwait(false);
        try
        {
            await using var body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            using var document = await JsonDocument.ParseAsync(body, cancellationToken: cancellationToken).ConfigureAwait(false);
            Read(document.RootElement, label, point);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or HttpRequestException or IOException or FormatException)
        {
            throw new SourceException($"the answer for {what} is cut or not Prometheus' own: {e.Message}", e);
        }
    }

    private static void Read(JsonElement root, string label, Action<string, long, double> point)
    {
        if (root.GetProperty("status").GetString() != "success")
            throw new JsonException(root.TryGetProperty("error", out var error) ? error.GetString() : "no success");
        foreach (var series in root.GetProperty("data").GetProperty("result").EnumerateArray())
        {
            if (!series.GetProperty("metric").TryGetProperty(label, out var name) || name.GetString() is not { Length: > 0 } server)
                continue;
            foreach (var pair in series.GetProperty("values").EnumerateArray())
            {
                // NaN and +Inf are texts here, and values of PromQL; they mean "nothing" to us.
                if (double.TryParse(pair[1].GetString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var value))
                    point(server, (long)Math.Round(pair[0].GetDouble()), value);
            }
        }
    }
}
