using System.Net;
using System.Text;
using Tft.Inference.Journal;

namespace Tft.Inference.Feed;

/// <summary>The lines that people grep for. Received: one a second at most for each source, with what came since; names: once a minute.</summary>
internal sealed partial class FeedLog(TimeProvider clock, ILogger<FeedLog> logger)
{
    private const int NamesShown = 5;

    private readonly System.Collections.Concurrent.ConcurrentDictionary<string, Line> _sources = new(StringComparer.Ordinal);

    public void Received(string source, int records, IPAddress? from, ReadOnlySpan<byte> entry)
    {
        if (!logger.IsEnabled(LogLevel.Information))
            return;
        var line = _sources.GetOrAdd(source, static _ => new Line());
        Interlocked.Add(ref line.Records, records);
        var now = clock.GetUtcNow().ToUnixTimeSeconds();
        if (Take(ref line.ReceivedAt, now, 1))
            LogReceived(Interlocked.Exchange(ref line.Records, 0), from);
        if (Take(ref line.NamesAt, now, 60))
            LogNames(Names(entry));
    }

    private static bool Take(ref long last, long now, int seconds)
    {
        var before = Interlocked.Read(ref last);
        return now - before >= seconds && Interlocked.CompareExchange(ref last, now, before) == before;
    }

    private static string Names(ReadOnlySpan<byte> entry)
    {
        List<string> names = [];
        var records = Entry.Records(entry);
        while (names.Count <= NamesShown && records.Next())
        {
            var name = Encoding.UTF8.GetString(records.Name);
            if (!names.Contains(name))
                names.Add(name);
        }

        return string.Join(", ", names.Take(NamesShown)) + (names.Count > NamesShown ? "..." : "");
    }

    [LoggerMessage(2001, LogLevel.Information, "[FEED] Received {Records} metrics from {Address}")]
    private partial void LogReceived(long records, IPAddress? address);

    [LoggerMessage(2002, LogLevel.Information, "[FEED] Server names: {Names}")]
    private partial void LogNames(string names);

    private sealed class Line
    {
        public long Records;
        public long ReceivedAt;
        public long NamesAt;
    }
}
