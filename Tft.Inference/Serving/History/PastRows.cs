using Tft.Contract.Metrics;
using Tft.Inference.LongHistory;

namespace Tft.Inference.Serving.History;

/// <summary>The steps of servers before their windows, as far as a query reaches back. Its memory, some 16 kB a day that is kept, serves one server after the other.</summary>
internal sealed class PastRows
{
    private readonly PastStore _past;
    private readonly HistoryQuery _query;
    private readonly float[] _row = new float[MetricCatalog.Count];
    private float[][] _values = [];
    public PastRows(PastStore past, HistoryQuery query)
    {
        (_past, _query) = (past, query);
        // what was handed over last may wait for the disk yet
        if (query.From is not null)
            past.Flush();
    }

    /// <summary>First of them; meaningless without any.</summary>
    public long First { get; private set; }

    /// <summary>Steps of the server that was looked at last, measured or not.</summary>
    public int Steps { get; private set; }

    /// <summary>Reads the steps of a server from where the query begins, without one none, to where its window does.</summary>
    public void Look(string name, long windowFrom)
    {
        Steps = 0;
        if (_query.From is not { } from || from >= windowFrom || _past.FirstStep(name) is var kept && kept >= windowFrom)
            return;
        First = Math.Max(from, Math.Max(kept, windowFrom - _past.MostSteps));
        Steps = (int)Math.Max(0, Math.Min(windowFrom, (_query.To ?? long.MaxValue - 1) + 1) - First);
        if (Steps == 0)
            return;
        if (_values.Length == 0 || _values[0].Length != Steps)
            _values = [.. Enumerable.Range(0, MetricCatalog.Count).Select(_ => new float[Steps])];
        foreach (var column in _values)
            Array.Fill(column, float.NaN);
        _past.Read(name, (int)First, _values);
    }

    /// <summary>A step's values [14]; false where nothing was measured. The values are good until the next call.</summary>
    public bool TryRow(int index, out long step, out ReadOnlySpan<float> values)
    {
        var measured = false;
        for (var m = 0; m < _row.Length; m++)
            measured |= !float.IsNaN(_row[m] = _values[m][index]);
        step = First + index;
        values = _row;
        return measured;
    }
}
