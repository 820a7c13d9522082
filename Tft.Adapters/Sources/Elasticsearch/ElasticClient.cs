using System.Text;
using System.Text.Json;
using Tft.Adapters.Sources.Http;

namespace Tft.Adapters.Sources.Elasticsearch;

/// <summary>JSON over HTTP to one cluster by its addresses: the next one is taken when one does not answer.</summary>
internal sealed class ElasticClient(IReadOnlyList<HttpStore> nodes) : IDisposable
{
    private int _node;

    /// <returns>The answer, to be disposed by the caller.</returns>
    public async Task<JsonDocument> SendAsync(HttpMethod method, string path, string? body, string what, CancellationToken cancellationToken)
    {
        for (var tried = 1; ; tried++)
        {
            try
            {
                using var request = new HttpRequestMessage(method, path);
                if (body is not null)
                    request.Content = new StringContent(body, Encoding.UTF8, "application/json");
                using var response = await nodes[_node].SendAsync(request, what, cancellationToken).ConfigureAwait(false);
                await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
                return await JsonDocument.ParseAsync(stream, cancellationToken: cancellationToken).ConfigureAwait(false);
            }
            catch (SourceException e) when (e.Status is null or 502 or 503 && tried < nodes.Count)
            {
                _node = (_node + 1) % nodes.Count;
            }
            catch (Exception e) when (e is JsonException or HttpRequestException or IOException)
            {
                throw new SourceException($"the answer to {what} is cut or no JSON: {e.Message}", e);
            }
        }
    }

    public void Dispose()
    {
        foreach (var node in nodes)
            node.Dispose();
    }
}
