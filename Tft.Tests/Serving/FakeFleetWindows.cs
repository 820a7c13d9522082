using System.Diagnostics;
using Tft.Contract.Messages;
using Tft.Contract.Metrics;
using Tft.Contract.Servers;
using Tft.Contract.Time;
using Tft.Inference.Windows;

namespace Tft.Tests.Serving;

/// <summary>Windows that a test fills row by row, and the way in that it pretends.</summary>
internal sealed class FakeFleetWindows : IFleetWindows, IIngestStatus
{
    private readonly Lock _gate = new();
    private readonly List<FakeServer> _servers = [];
    private readonly SortedSet<int> _changed = [];
    private TaskCompletionSource _change = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public List<ActivityLink> Links { get; } = [];

    public int Count
    {
        get { lock (_gate) return _servers.Count; }
    }

    /// <summary>Thrown by <see cref="ClosedSteps"/>.</summary>
    public Exception? Fault { get; set; }

    public long ClosedSteps
    {
        get { lock (_gate) return Fault is not null ? throw Fault : _servers.Sum(s => (long)s.Rows.Count); }
    }

    public long AcceptedRequests { get; set; }

    public long FailedRequests { get; set; }

    public JournalInfo Journal { get; set; } = new() { Kind = "embedded", State = "ok", Durability = "process", LagRecords = 0 };

    public IReadOnlyList<SourceInfo> Sources { get; set; } =
        [new SourceInfo { Name = "simulator", LastPush = DateTimeOffset.UnixEpoch, LagS = 1.5, Records = 10, Rejected = 0 }];

    /// <summary>A server whose last closed bucket is the given step; rows are asked for step by step, oldest first.</summary>
    public int Add(string name, int steps, long lastStep, Func<int, MetricValues> row, ServerProfile profile = ServerProfile.Generic)
    {
        lock (_gate)
        {
            var server = new FakeServer { Name = name, Profile = profile, LastStep = lastStep };
            for (var i = 0; i < steps; i++)
                server.Rows.Add(row(i));
            server.Last = row(Math.Max(0, steps - 1));
            server.LastRecordSeconds = TimeGrid.StartSeconds(lastStep + 1);
            _servers.Add(server);
            if (steps > 0)
                Mark(_servers.Count - 1);
            return _servers.Count - 1;
        }
    }

    public void Close(int server, MetricValues row)
    {
        lock (_gate)
        {
            var each = _servers[server];
            each.Rows.Add(row);
            if (each.Rows.Count > TimeGrid.WindowSteps)
                each.Rows.RemoveAt(0);
            each.LastStep++;
            each.Last = row;
            each.LastRecordSeconds = TimeGrid.StartSeconds(each.LastStep + 1);
            Mark(server);
        }
    }

    public void Sample(int server, MetricValues last, long seconds)
    {
        lock (_gate)
            (_servers[server].Last, _servers[server].LastRecordSeconds) = (last, seconds);
    }

    public void Retire(int server)
    {
        lock (_gate)
            _servers[server].Retired = true;
    }

    public bool TryFind(string name, out int server)
    {
        lock (_gate)
            server = _servers.FindIndex(s => s.Name == name);
        return server >= 0;
    }

    public Task WaitForChangeAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
            return _changed.Count > 0 ? Task.CompletedTask : _change.Task.WaitAsync(cancellationToken);
    }

    public int TakeChanged(Span<int> servers)
    {
        lock (_gate)
        {
            var count = 0;
            while (count < servers.Length && _changed.Count > 0)
            {
                servers[count++] = _changed.Min;
                _changed.Remove(_changed.Min);
            }

            if (_changed.Count == 0 && _change.Task.IsCompleted)
                _change = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return count;
        }
    }

    public IReadOnlyList<ActivityLink> TakeLinks()
    {
        lock (_gate)
        {
            ActivityLink[] links = [.. Links];
            Links.Clear();
            return links;
        }
    }

    public WindowInfo Read(int server, Span<float> values, Span<ServerState> states)
    {
        lock (_gate)
        {
            var each = _servers[server];
            values.Fill(float.NaN);
            states.Fill(ServerState.Missing);
            var first = TimeGrid.WindowSteps - each.Rows.Count;
            var measured = 0;
            for (var i = 0; i < each.Rows.Count; i++)
            {
                var row = each.Rows[i];
                ((Span<float>)row).CopyTo(values[((first + i) * MetricCatalog.Count)..]);
                if (!row.Has(Metric.MemUsed))
                    continue;
                states[first + i] = ServerState.Healthy;
                measured++;
            }

            return new WindowInfo(each.LastStep, each.Rows.Count, measured);
        }
    }

    public ServerFacts Facts(int server)
    {
        lock (_gate)
        {
            var each = _servers[server];
            return new ServerFacts(each.Name, each.Profile, ServerState.Healthy, each.Last, each.LastRecordSeconds, each.Retired);
        }
    }

    private void Mark(int server)
    {
        _changed.Add(server);
        _change.TrySetResult();
    }

    private sealed class FakeServer
    {
        public required string Name { get; init; }
        public ServerProfile Profile { get; init; }
        public List<MetricValues> Rows { get; } = [];
        public long LastStep { get; set; }
        public MetricValues Last { get; set; }
        public long LastRecordSeconds { get; set; }
        public bool Retired { get; set; }
    }
}
