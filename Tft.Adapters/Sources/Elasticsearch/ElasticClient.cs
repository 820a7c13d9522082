using System.Text;
using System.Text.Json;
using Elastic.Transport;
using Tft.Adapters.Sources.Http;
using HttpMethod = Elastic.Transport.HttpMethod;

namespace Tft.Adapters.Sources.Elasticsearch;

/// <summary>A cluster's answers as JSON, and what went wrong in words for an operator that hold no secret.</summary>
internal sealed class ElasticClient(ITransport transport, ElasticOptions options) : IDisposable
{
    private const int MostErrorText = 300;

    private readonly TimeSpan _patience = TimeSpan.FromSeconds(options.RequestTimeout);

    /// <param name="what">For people: what was asked.</param>
    /// <returns>The answer, to be disposed by the caller.</returns>
    /// <exception cref="SourceException">No node answers, or one with an error, or with something else than JSON.</exception>
    public async Task<JsonDocument> SendAsync(HttpMethod method, string path, PostData? body, string what, CancellationToken cancellationToken)
    {
        // The transport's own timeout ends where an answer begins.
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(_patience);
        try
        {
            using var response = await transport.RequestAsync<StreamResponse>(new EndpointPath(method, path), body, patience.Token).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            if (Fault(response.ApiCallDetails, what) is { } fault)
                throw fault;
            return await JsonDocument.ParseAsync(response.Body, cancellationToken: patience.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is TransportException or OperationCanceledException && patience.IsCancellationRequested)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw new SourceException($"the cluster did not answer within {_patience.TotalSeconds:0.#} s ({what})", e);
        }
        catch (Exception e) when (e is JsonException or HttpRequestException or IOException or TransportException)
        {
            throw new SourceException($"the answer to {what} is cut or no JSON: {e.Message}", e);
        }
    }

    /// <summary>A search whose answer is whole.</summary>
    /// <exception cref="SourceException">As above; or documents would be missing from it.</exception>
    public async Task<JsonDocument> SearchAsync(string path, PostData body, CancellationToken cancellationToken)
    {
        var answer = await SendAsync(HttpMethod.POST, path, body, $"searching {options.IndexPattern}", cancellationToken).ConfigureAwait(false);
        if (Gap(answer.RootElement) is not { } gap)
            return answer;
        answer.Dispose();
        throw new SourceException(gap);
    }

    public void Dispose() => transport.Configuration.Dispose();

    private static string? Gap(JsonElement answer)
    {
        if (answer.TryGetProperty("timed_out", out var timedOut) && timedOut.ValueKind == JsonValueKind.True)
            return "the cluster ran out of time and would have left documents out";
        return answer.TryGetProperty("_shards", out var shards) && shards.TryGetProperty("failed", out var failed) && failed.GetInt32() > 0
            ? $"{failed.GetInt32()} shards failed and would have left documents out" : null;
    }

    private SourceException? Fault(ApiCallDetails call, string what)
    {
        var node = call.Uri?.Authority;
        return call switch
        {
            { HttpStatusCode: null, OriginalException: OperationCanceledException } => new SourceException($"{node} did not answer within {_patience.TotalSeconds:0.#} s ({what})", call.OriginalException),
            { HttpStatusCode: null } => new SourceException($"{node} does not answer ({what}): {StoreAdvice.OfNoAnswer(call.OriginalException)}", call.OriginalException),
            { HasSuccessfulStatusCode: false } => new SourceException($"{node} answers {call.HttpStatusCode} ({what}): {Text(call).Trim()}".TrimEnd(' ', ':') + StoreAdvice.OfStatus(call.HttpStatusCode)) { Status = call.HttpStatusCode },
            { HasExpectedContentType: false } => new SourceException($"{node} answers with '{call.ResponseContentType}' instead of JSON ({what})"),
            _ => null,
        };
    }

    private static string Text(ApiCallDetails call)
    {
        var text = Encoding.UTF8.GetString(call.ResponseBodyInBytes ?? []);
        return text.Length <= MostErrorText ? text : text[..MostErrorText];
    }
}
