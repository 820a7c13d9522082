using System.Buffers;
using System.Runtime.InteropServices;
using Tft.Contract.Problems;
using Tft.Contract.Records;
using Tft.Inference.Feed;
using Tft.Inference.Otlp.Decoding;
using Tft.Inference.Otlp.Mapping;

namespace Tft.Inference.Otlp;

/// <summary>A request from its bytes to its answer: read, mapped, and then the way of every record: the checks, the journal, the windows of /feed.</summary>
internal sealed class OtlpIntake(FeedIntake feed, FeedWorkPool pool, OtlpMapper mapper, CounterStore counters, OtlpTelemetry telemetry, FeedLog log)
{
    private const int MaxSourceLength = 64;
    private const string DefaultSource = "otel";

    /// <param name="body">As it came, unpacked.</param>
    /// <param name="json">The encoding, of request and answer.</param>
    /// <param name="source">Who sends; null: the first <c>service.instance.id</c>, else otel.</param>
    /// <param name="from">For the log.</param>
    public async ValueTask<OtlpOutcome> AcceptAsync(ReadOnlyMemory<byte> body, bool json, string? source, System.Net.IPAddress? from)
    {
        OtlpMapping mapping;
        try
        {
            var batch = json ? OtlpJson.Read(body) : OtlpProtobuf.Read(body.Span);
            source ??= batch.Resources.Select(r => r.InstanceId).FirstOrDefault(IsName) ?? DefaultSource;
            mapping = mapper.Map(batch);
        }
        catch (OtlpFaultException e)
        {
            return new OtlpOutcome(e.TooLarge
                ? Problem.TooLarge() with { Detail = e.Message }
                : Problem.Of(ProblemCodes.BadBody, StatusCodes.Status400BadRequest, "The body is no ExportMetricsServiceRequest", e.Message));
        }

        var work = pool.Rent();
        try
        {
            if (mapping.Records.Count > 0 && await FeedAsync(work, mapping, source) is { } problem)
                return new OtlpOutcome(problem);
            if (mapping.Records.Count > 0)
                log.Received(source, work.Entry.Count, from, work.Entry.Written.Span);
        }
        finally
        {
            pool.Return(work);
        }

        foreach (var (host, totals) in mapping.Counters)
            counters.Put(host, totals);
        telemetry.Count(mapping.Points.Sum(p => (long)p), mapping.Ignored, mapping.Rejected);
        return new OtlpOutcome(null, mapping.Records.Count, OtlpAnswer.Success(json, mapping.Rejected, mapping.Why));
    }

    /// <summary>Visible characters, as in the header X-Tft-Source.</summary>
    public static bool IsName(string? name) => name is { Length: > 0 and <= MaxSourceLength } && !name.AsSpan().ContainsAnyExceptInRange('!', '~');

    /// <summary>Null where the records that are good are kept; refused ones are rejected data points and no failure.</summary>
    private async ValueTask<Problem?> FeedAsync(FeedWork work, OtlpMapping mapping, string source)
    {
        var records = new ArrayBufferWriter<byte>(mapping.Records.Count * 256);
        MetricRecordJson.WriteBatch(records, CollectionsMarshal.AsSpan(mapping.Records));
        work.Append(new ReadOnlySequence<byte>(records.WrittenMemory));
        var problem = await feed.AcceptAsync(work, source, contract1: false);
        if (problem is not null && problem.Code != ProblemCodes.NoneAcceptable)
            return problem;
        foreach (var rejected in work.Rejected)
            mapping.Reject(mapping.Points[rejected.Index], $"{rejected.ServerName}: {rejected.Message}");
        return null;
    }
}

/// <summary>Either a problem or an answer.</summary>
/// <param name="Problem">Why nothing was taken.</param>
/// <param name="Records">Made of the data points.</param>
/// <param name="Answer">ExportMetricsServiceResponse.</param>
internal readonly record struct OtlpOutcome(Problem? Problem, int Records = 0, ReadOnlyMemory<byte> Answer = default);
