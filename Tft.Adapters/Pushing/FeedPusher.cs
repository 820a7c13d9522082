using System.Buffers;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Runtime.InteropServices;
using System.Text.Json;
using Polly;
using Tft.Adapters.Loop;
using Tft.Adapters.Telemetry;
using Tft.Contract.Problems;
using Tft.Contract.Records;

namespace Tft.Adapters.Pushing;

/// <summary>
/// Brings records to POST /feed until the service has acknowledged them, each batch settled before the next: accepted, known already,
/// refused with a reason, or set aside.
/// </summary>
internal sealed partial class FeedPusher(
    HttpClient http, AdapterOptions options, ResiliencePipeline<HttpResponseMessage> retry,
    DeadLetterFile deadLetters, AdapterTelemetry telemetry, ILogger<FeedPusher> logger)
{
    public const string SourceHeader = "X-Tft-Source";

    private static readonly MediaTypeHeaderValue s_json = new("application/json");

    private readonly ArrayBufferWriter<byte> _body = new(256 * 1024);

    /// <param name="parent">The fetch that brought the records; the service's spans join the same trace.</param>
    /// <exception cref="PushFailedException">The tries that were allowed are used up; what came before is settled.</exception>
    public async Task<PushResult> PushAsync(IReadOnlyList<MetricRecord> records, ActivityContext parent, CancellationToken cancellationToken)
    {
        var all = records as MetricRecord[] ?? [.. records];
        var result = PushResult.Nothing;
        for (var i = 0; i < all.Length; i += options.BatchSize)
        {
            var batch = all.AsMemory(i, Math.Min(options.BatchSize, all.Length - i));
            result = result.Plus(await PushBatchAsync(batch, parent, cancellationToken).ConfigureAwait(false));
        }

        return result;
    }

    private async Task<PushResult> PushBatchAsync(ReadOnlyMemory<MetricRecord> batch, ActivityContext parent, CancellationToken cancellationToken)
    {
        using var span = AdapterTelemetry.Source.StartActivity("adapter.push", ActivityKind.Internal, parent);
        span?.SetTag("tft.source", options.Name).SetTag("tft.records", batch.Length);
        _body.ResetWrittenCount();
        MetricRecordJson.WriteBatch(_body, batch.Span);

        using var response = await SendAsync(span, cancellationToken).ConfigureAwait(false);
        var text = await response.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false);
        switch (response.StatusCode)
        {
            case HttpStatusCode.OK:
                return Settled(Answer(text));
            case HttpStatusCode.RequestEntityTooLarge when batch.Length > 1:
                var half = batch.Length / 2;
                var first = await PushBatchAsync(batch[..half], parent, cancellationToken).ConfigureAwait(false);
                return first.Plus(await PushBatchAsync(batch[half..], parent, cancellationToken).ConfigureAwait(false));
            case var status when (int)status is >= 400 and < 500 && !IsConfiguration(status):
                span?.SetStatus(ActivityStatusCode.Error, $"HTTP {(int)status}");
                return Refused((int)status, FeedAnswerJson.Problem(text), batch.Length);
            default:
                span?.SetStatus(ActivityStatusCode.Error, $"HTTP {(int)response.StatusCode}");
                throw new PushFailedException($"POST /feed answers {(int)response.StatusCode}: {FeedAnswerJson.Problem(text).Detail ?? response.ReasonPhrase}");
        }
    }

    private async Task<HttpResponseMessage> SendAsync(Activity? span, CancellationToken cancellationToken)
    {
        try
        {
            return await retry.ExecuteAsync(
                async token =>
                {
                    using var request = new HttpRequestMessage(HttpMethod.Post, "feed");
                    MemoryMarshal.TryGetArray(_body.WrittenMemory, out var bytes);
                    request.Content = new ByteArrayContent(bytes.Array!, bytes.Offset, bytes.Count);
                    request.Content.Headers.ContentType = s_json;
                    request.Headers.Add(SourceHeader, options.Name);
                    return await http.SendAsync(request, token).ConfigureAwait(false);
                },
                cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            span?.SetStatus(ActivityStatusCode.Error, e.GetType().Name);
            throw new PushFailedException($"POST /feed did not succeed: {e.Message}", e);
        }
    }

    /// <summary>The service's answer. A proxy's sign-in page is a 200 too: taken as an acknowledgement it would lose the batch.</summary>
    private static FeedAnswer Answer(string text)
    {
        FeedAnswer? answer = null;
        try
        {
            answer = JsonSerializer.Deserialize(text, FeedAnswerJson.Default.FeedAnswer);
        }
        catch (JsonException)
        {
            // said below
        }

        return answer is { } settled && (settled.Accepted > 0 || settled.Duplicates > 0 || settled.Rejected is { Count: > 0 })
            ? settled
            : throw new PushFailedException("POST /feed answers 200, but not as the service does; does the address lead to a proxy or another program?");
    }

    private static bool IsConfiguration(HttpStatusCode status) => status is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden
        or HttpStatusCode.NotFound or HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests;

    private PushResult Settled(FeedAnswer answer)
    {
        telemetry.Acknowledged(answer.Accepted, answer.Duplicates);
        foreach (var code in answer.Rejected.CountBy(r => r.Code))
            telemetry.Rejected(code.Key, code.Value);
        return new PushResult(answer.Accepted, answer.Duplicates, 0, answer.Rejected);
    }

    /// <summary>
    /// Final for the whole batch. Where the only fault is lateness, the service has had these buckets before (a repeated back-fill): there
    /// is nothing for a person to repair, so they are counted and not kept.
    /// </summary>
    private PushResult Refused(int status, FeedProblem problem, int records)
    {
        foreach (var code in problem.Rejected.CountBy(r => r.Code))
            telemetry.Rejected(code.Key, code.Value);
        if (problem.Rejected.Count > 0 && problem.Rejected.All(r => r.Code is RejectCodes.TooLate or RejectCodes.TooOld))
            return new PushResult(0, 0, 0, problem.Rejected);

        var kept = deadLetters.Append(status, problem.Code, problem.Detail, _body.WrittenSpan);
        telemetry.DeadLetter(records, kept);
        Log.SetAside(logger, records, status, problem.Code ?? "no code", problem.Detail ?? "", kept ? deadLetters.Path : "nowhere: larger than the dead-letter file may be");
        return new PushResult(0, 0, records, problem.Rejected);
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 211, Level = LogLevel.Error, Message = "{Records} records were refused for good (HTTP {Status}, {Code}: {Detail}); kept in {File}")]
        public static partial void SetAside(ILogger logger, int records, int status, string code, string detail, string file);
    }
}
