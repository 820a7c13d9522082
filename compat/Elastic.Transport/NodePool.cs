namespace Elastic.Transport;

/// <summary>The addresses of one cluster, and which of them a call tries.</summary>
public abstract class NodePool : IDisposable
{
    public abstract IReadOnlyCollection<Node> Nodes { get; }

    /// <summary>How many more nodes one call may try after its first.</summary>
    public abstract int MaxRetries { get; }

    public abstract IEnumerable<Node> CreateView();

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
    }
}

public class SingleNodePool(Uri uri) : NodePool
{
    public override IReadOnlyCollection<Node> Nodes { get; } = [new Node(uri)];

    public override int MaxRetries => 0;

    public override IEnumerable<Node> CreateView() => Nodes;
}

/// <summary>The first node that is not known to be down; where all are, one after the other, one a call.</summary>
public sealed class StickyNodePool : NodePool
{
    private readonly Node[] _nodes;
    private int _resurrected = -1;

    /// <exception cref="ArgumentException">None, or http and https mixed.</exception>
    public StickyNodePool(IEnumerable<Uri> uris)
    {
        _nodes = [.. uris.Select(u => new Node(u)).DistinctBy(n => n.Uri)];
        if (_nodes.Length == 0)
            throw new ArgumentException("There is no node", nameof(uris));
        if (_nodes.Any(n => n.Uri.Scheme != _nodes[0].Uri.Scheme))
            throw new ArgumentException("Nodes have mixed schemes", nameof(uris));
    }

    public override IReadOnlyCollection<Node> Nodes => _nodes;

    public override int MaxRetries => _nodes.Length - 1;

    public override IEnumerable<Node> CreateView()
    {
        var now = DateTimeOffset.UtcNow;
        Node[] alive = [.. _nodes.Where(n => n.IsAlive || n.DeadUntil <= now)];
        return alive.Length > 0 ? alive : [_nodes[(uint)Interlocked.Increment(ref _resurrected) % (uint)_nodes.Length]];
    }
}
