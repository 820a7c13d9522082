using Tft.Inference.Windows;

namespace Tft.Inference.LongHistory;

/// <summary>Where a stretch of six hours lies: in the file of its day and partition.</summary>
internal readonly record struct ChunkPlace(int FirstStep, int Offset, int Length)
{
    public int Day => FirstStep / Contract.Time.TimeGrid.StepsPerDay;
}

/// <summary>What is kept of which server, by name: 12 bytes a stretch. Readers get arrays that never change.</summary>
internal sealed class ChunkIndex
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, ChunkPlace[]> _servers = new(StringComparer.Ordinal);
    private long _bytes;

    /// <summary>Servers of which something is kept.</summary>
    public int Servers
    {
        get { lock (_gate) return _servers.Count; }
    }

    /// <summary>Bytes of all that is kept.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>Newest step of all servers; the calendar by which days are dropped.</summary>
    public int NewestStep { get; private set; }

    /// <summary>What is kept of a server, in no order.</summary>
    public ChunkPlace[] Of(string name)
    {
        lock (_gate)
            return _servers.GetValueOrDefault(name, []);
    }

    /// <summary>True if the stretch that begins with this step is kept.</summary>
    public bool Has(string name, int firstStep) => Array.Exists(Of(name), p => p.FirstStep == firstStep);

    public void Add(string name, ChunkPlace place)
    {
        lock (_gate)
        {
            var before = _servers.GetValueOrDefault(name, []);
            if (Array.Exists(before, p => p.FirstStep == place.FirstStep))
                return;
            _servers[name] = [.. before, place];
            _bytes += place.Length;
            NewestStep = Math.Max(NewestStep, place.FirstStep + IPastSteps.Steps - 1);
        }
    }

    /// <summary>Forgets what began before this step.</summary>
    public void Forget(int before)
    {
        lock (_gate)
        {
            foreach (var (name, places) in _servers.ToArray())
            {
                if (!Array.Exists(places, p => p.FirstStep < before))
                    continue;
                _bytes -= places.Where(p => p.FirstStep < before).Sum(p => (long)p.Length);
                ChunkPlace[] kept = [.. places.Where(p => p.FirstStep >= before)];
                if (kept.Length > 0)
                    _servers[name] = kept;
                else
                    _servers.Remove(name);
            }
        }
    }
}
