namespace Tft.Inference.Risk;

/// <summary>
/// The last outcomes of one kind of probability: a ring of 8,192 (forecast, happened), and the map fitted to them. Until there are 500 the
/// map is the identity and <see cref="IsCalibrated"/> says so. One writer.
/// </summary>
internal sealed class OutcomeStore
{
    public const int MinimumOutcomes = 500;
    private const int Capacity = 8192;
    private const int RefitEvery = 250;

    private readonly Lock _gate = new();
    private readonly float[] _scores = new float[Capacity];
    private readonly bool[] _happened = new bool[Capacity];
    private long _count;
    private volatile IsotonicMap? _map;

    public long Count => Interlocked.Read(ref _count);

    public bool IsCalibrated => _map is not null;

    public float Map(float score) => _map?.Map(score) ?? score;

    public void Add(float score, bool happened)
    {
        lock (_gate)
        {
            var at = (int)(_count % Capacity);
            _scores[at] = score;
            _happened[at] = happened;
            Interlocked.Increment(ref _count);
        }

        if (_count >= MinimumOutcomes && _count % RefitEvery == 0)
        {
            var kept = (int)Math.Min(_count, Capacity);
            _map = IsotonicMap.Fit(_scores.AsSpan(0, kept), _happened.AsSpan(0, kept));
        }
    }

    /// <summary>What is kept, oldest first.</summary>
    public IReadOnlyList<Outcome> Outcomes()
    {
        lock (_gate)
        {
            var kept = (int)Math.Min(_count, Capacity);
            return [.. Enumerable.Range(0, kept).Select(i => (_count - kept + i) % Capacity).Select(at => new Outcome(_scores[at], _happened[at]))];
        }
    }
}
