using Tft.Forecasting.Data;
using Tft.Forecasting.Recipe.Corrections;
using Tft.Forecasting.Recipe.Tables;

namespace Tft.Forecasting.Recipe;

/// <summary>
/// One server's last day, seen through its tables: anomalies without gaps, what the other metrics say, how restless each metric is. The buffers
/// are kept from window to window; one view belongs to one thread.
/// </summary>
internal sealed class WindowView(bool stretches = false)
{
    /// <summary>Anomalies beyond this many units say no more.</summary>
    public const float Clip = 10;

    /// <summary>Steps over which metrics are looked at together.</summary>
    public const int Recent = NetworkInputs.Encoder;

    /// <summary>A gap's anomaly fades by this factor a step.</summary>
    private const float Fade = 0.9f;

    /// <summary>Where the last quarter of an hour is further than this from usual, the unit is stretched so that it is just as far.</summary>
    private const float Far = 5;

    private const int Now = 3;

    private float[] _scales = [];
    private float[] _anomalies = [];
    private float[] _values = [];
    private float[] _soft = [];
    private float[] _cross = [];
    private float[] _closures = [];
    private float _closure;
    private readonly float[] _stress = new float[Recent];

    /// <summary>The tables through which the window is seen.</summary>
    public ServerTables Tables { get; private set; } = null!;

    /// <summary>Slot of the day of the origin, 0..287.</summary>
    public int OriginSlot { get; private set; }

    /// <summary>
    /// The unit A of a metric's anomalies in this window: that of its tables, or a larger one where the metric has left its usual range for good: clipped at
    /// some units, a leak would look the same from the day on which it is seen to the hour in which it hurts.
    /// </summary>
    public float Scale(int metric) => _scales[metric];

    /// <summary>[288] clipped anomalies of a metric, oldest first, gaps faded out.</summary>
    public ReadOnlySpan<float> Anomalies(int metric) => _anomalies.AsSpan(metric * Protocol.Context, Protocol.Context);

    /// <summary>[288] values of a metric, gaps filled.</summary>
    public ReadOnlySpan<float> Values(int metric) => _values.AsSpan(metric * Protocol.Context, Protocol.Context);

    /// <summary>[96] asinh of the newest anomalies.</summary>
    public ReadOnlySpan<float> SoftAnomalies(int metric) => _soft.AsSpan(metric * Recent, Recent);

    /// <summary>[96] what the other metrics' newest anomalies say of a metric.</summary>
    public ReadOnlySpan<float> Cross(int metric) => _cross.AsSpan(metric * Recent, Recent);

    /// <summary>[96] mean |asinh anomaly| over the metrics.</summary>
    public ReadOnlySpan<float> Stress => _stress;

    /// <summary>How likely a metric's yesterday comes again, 0..1.</summary>
    public float Regularity(int metric) => DayRegularity.Of(Values(metric), _closures[metric], _closure);

    /// <summary>Slot of the day of a lead (0 is one step ahead).</summary>
    public int SlotAhead(int lead) => (OriginSlot + 1 + lead) % Protocol.Day;

    /// <summary>Looks at the 288 steps up to and including an origin.</summary>
    /// <param name="values">[metrics][steps]; NaN is a gap.</param>
    /// <param name="origin">Index of the last observed step, at least 287.</param>
    /// <param name="originSlot">Its slot of the day.</param>
    /// <param name="tables">What is known of the server.</param>
    /// <param name="only">The one metric that will be asked for; of the others only the newest steps are looked at. All metrics without it.</param>
    public void Look(float[][] values, int origin, int originSlot, ServerTables tables, int only = -1)
    {
        (Tables, OriginSlot) = (tables, originSlot);
        if (_anomalies.Length < tables.Count * Protocol.Context)
        {
            (_anomalies, _values) = (new float[tables.Count * Protocol.Context], new float[tables.Count * Protocol.Context]);
            _closures = new float[tables.Count];
            (_soft, _cross, _scales) = (new float[tables.Count * Recent], new float[tables.Count * Recent], new float[tables.Count]);
        }

        Array.Clear(_stress);
        var (closures, closed) = (0f, 0);
        for (var m = 0; m < tables.Count; m++)
        {
            var x = values[m].AsSpan(origin + 1 - Protocol.Context, Protocol.Context);
            if ((_closures[m] = DayRegularity.Closure(x)) is var closure && float.IsFinite(closure))
                (closures, closed) = (closures + closure, closed + 1);
            Fill(x, tables.Metrics[m], m, only < 0 || only == m ? 0 : LastMeasured(x, Protocol.Context - Recent));
        }

        _closure = closed == 0 ? float.NaN : closures / closed;
        foreach (ref var s in _stress.AsSpan())
            s /= tables.Count;
        for (var m = 0; m < tables.Count; m++)
        {
            if (only < 0 || only == m)
                Mix(tables, m);
        }
    }

    private static int LastMeasured(ReadOnlySpan<float> x, int at)
    {
        while (at > 0 && !float.IsFinite(x[at]))
            at--;
        return at;
    }

    private void Fill(ReadOnlySpan<float> x, SeriesTables table, int metric, int from)
    {
        var location = table.Profile.Location;
        var scale = _scales[metric] = stretches ? table.Scale * Stretch(x, table) : table.Scale;
        var unit = 1 / scale;
        var anomalies = _anomalies.AsSpan(metric * Protocol.Context, Protocol.Context);
        var values = _values.AsSpan(metric * Protocol.Context, Protocol.Context);
        var slot = (OriginSlot + 1 + from) % Protocol.Day;
        float last = 0;
        for (var i = from; i < Protocol.Context; i++)
        {
            var c = location[slot];
            slot = slot + 1 == Protocol.Day ? 0 : slot + 1;
            if (float.IsFinite(x[i]))
            {
                last = Math.Clamp((x[i] - c) * unit, -Clip, Clip);
                values[i] = x[i];
            }
            else
            {
                last *= Fade;
                values[i] = c + (last * scale);
            }

            anomalies[i] = last;
        }

        var soft = _soft.AsSpan(metric * Recent, Recent);
        for (var i = 0; i < Recent; i++)
        {
            soft[i] = MathF.Asinh(anomalies[Protocol.Context - Recent + i]);
            _stress[i] += Math.Abs(soft[i]);
        }
    }

    /// <summary>At least 1; by the least anomaly of the newest steps, so that one odd value stretches nothing.</summary>
    private float Stretch(ReadOnlySpan<float> x, SeriesTables table)
    {
        var least = float.PositiveInfinity;
        for (var i = 1; i <= Now; i++)
        {
            var value = x[^i];
            if (float.IsFinite(value))
                least = Math.Min(least, Math.Abs(value - table.Profile.Location[(OriginSlot + 1 - i + Protocol.Day) % Protocol.Day]));
        }

        return float.IsFinite(least) ? Math.Max(1, least / (Far * table.Scale)) : 1;
    }

    private void Mix(ServerTables tables, int metric)
    {
        var target = _cross.AsSpan(metric * Recent, Recent);
        target.Clear();
        for (var k = 0; k < tables.Count; k++)
        {
            var weight = tables.Cross[(metric * tables.Count) + k];
            if (Math.Abs(weight) < 1e-4f)
                continue;
            var source = SoftAnomalies(k);
            for (var i = 0; i < Recent; i++)
                target[i] += weight * source[i];
        }
    }
}
