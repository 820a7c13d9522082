using System.Collections.Concurrent;
using System.Globalization;
using Aspire.Hosting.Logs;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.ApplicationModel;

/// <param name="LineNumber">Counts from 1 per resource.</param>
/// <param name="Content">The line, after its RFC 3339 time.</param>
/// <param name="IsErrorMessage">It came from standard error.</param>
public readonly record struct LogLine(int LineNumber, string Content, bool IsErrorMessage);

/// <summary>The console output of the resources, by resource name or by the id of one instance.</summary>
public class ResourceLoggerService(TimeProvider? timeProvider = null)
{
    private const int MaxLineLength = 16 * 1024;

    private readonly TimeProvider _time = timeProvider ?? TimeProvider.System;
    private readonly ConcurrentDictionary<string, LogBacklog> _backlogs = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>What is kept and then every new line, in batches, until the enumeration is cancelled.</summary>
    public IAsyncEnumerable<IReadOnlyList<LogLine>> WatchAsync(string resourceName) => Backlog(resourceName).FollowAsync();

    public IAsyncEnumerable<IReadOnlyList<LogLine>> WatchAsync(IResource resource) => WatchAsync(resource.Name);

    public void ClearBacklog(string resourceName) => Backlog(resourceName).Clear();

    /// <summary>A logger whose lines appear among the resource's own.</summary>
    public ILogger GetLogger(IResource resource) => GetLogger(resource.Name);

    public ILogger GetLogger(string resourceName) => new LineLogger((line, isError) => Backlog(resourceName).Add(Stamp(line), isError));

    /// <summary>The newest lines without their times and colours.</summary>
    internal IReadOnlyList<string> Tail(string resourceName, int count) =>
        [.. Backlog(resourceName).Tail(count).Select(line => AnsiText.Strip(line.Content[(line.Content.IndexOf(' ', StringComparison.Ordinal) + 1)..]))];

    internal IReadOnlyList<LogLine> TailLines(string resourceName, int count) => Backlog(resourceName).Tail(count);

    /// <summary>A line of one instance: it counts for the instance and for its resource.</summary>
    internal void Add(string resourceName, string instanceId, string line, bool isError)
    {
        var stamped = Stamp(line.Length > MaxLineLength ? line[..MaxLineLength] + " ..." : line);
        Backlog(resourceName).Add(stamped, isError);
        if (instanceId != resourceName)
            Backlog(instanceId).Add(stamped, isError);
    }

    private LogBacklog Backlog(string name) => _backlogs.GetOrAdd(name, _ => new LogBacklog());

    private string Stamp(string line) =>
        $"{_time.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ss.fffffffZ", CultureInfo.InvariantCulture)} {line}";
}
