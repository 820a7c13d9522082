using System.Globalization;
using Tft.Inference.Windows;

namespace Tft.Inference.SelfWatch.Checks;

/// <summary>Feed requests that were refused, as a share of those of the last five minutes.</summary>
internal sealed class FailedPostsCheck(SelfWatchOptions options, IIngestStatus ingest) : ISystemCheck
{
    /// <summary>Fewer requests say nothing of a share.</summary>
    private const long Fewest = 20;
    private static readonly TimeSpan s_span = TimeSpan.FromMinutes(5);

    private readonly Queue<(DateTimeOffset At, long Accepted, long Failed)> _counts = new();

    public string Rule => "system_failed_posts";

    public TimeSpan For => TimeSpan.FromMinutes(1);

    public IEnumerable<SystemReading> Read(DateTimeOffset now)
    {
        _counts.Enqueue((now, ingest.AcceptedRequests, ingest.FailedRequests));
        while (_counts.Peek().At < now - s_span)
            _counts.Dequeue();
        var first = _counts.Peek();
        var (accepted, failed) = (ingest.AcceptedRequests - first.Accepted, ingest.FailedRequests - first.Failed);
        if (options.FailedPosts == 0 || accepted + failed < Fewest)
            yield break;
        var share = (double)failed / (accepted + failed);
        yield return new SystemReading("", share > options.FailedPosts, share, options.FailedPosts, string.Create(
            CultureInfo.InvariantCulture,
            $"{failed} of {accepted + failed} feed requests of the last five minutes were refused ({share:0 %}, more than {options.FailedPosts:0.# %}); the page Sources shows whose and why"));
    }
}
