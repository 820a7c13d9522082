using Tft.Forecasting.Data;

namespace Tft.Forecasting.Recipe;

/// <summary>
/// One server's last day, seen through its tables: anomalies without gaps, what the other metrics say, how restless each metric is. The buffers
/// are kept from window to window; one view belongs to one thread.
/// </summary>
internal sealed class WindowView
{
    /// <summary>Anomalies beyond this many units say no more.</summary>
    public const float Clip = 10;

    /// <summary>A gap's anomaly fades by this factor a step.</summary>
    private const float Fade = 0.9f;

    private float[] _anomalies = [];
    private float[] _values = [];
    private float[] _soft = [];
    private float[] _cross = [];
    private readonly float[] _stress = new float[Protocol.Context];

    /// <summary>The tables through which the window is seen.</summary>
    public ServerTables Tables { get; private set; } = null!;

    /// <summary>Slot of the day of the origin, 0..287.</summary>
    public int OriginSlot { get; private set; }

    /// <summary>[288] clipped anomalies of a metric, oldest first, gaps faded out.</summary>
    public ReadOnlySpan<float> Anomalies(int metric) => _anomalies.AsSpan(metric * Protocol.Context, Protocol.Context);

    /// <summary>[288] values of a metric, gaps filled.</summary>
    public ReadOnlySpan<float> Values(int metric) => _values.AsSpan(metric * Protocol.Context, Protocol.Context);

    /// <summary>[288] asinh of the anomalies.</summary>
    public ReadOnlySpan<float> SoftAnomalies(int metric) => _soft.AsSpan(metric * Protocol.Context, Protocol.Context);

    /// <summary>[288] what the other metrics' anomalies say of a metric.</summary>
    public ReadOnlySpan<float> Cross(int metric) => _cross.AsSpan(metric * Protocol.Context, Protocol.Context);

    /// <summary>[288] mean |asinh anomaly| over the metrics.</summary>
    public ReadOnlySpan<float> Stress => _stress;

    /// <summary>Slot of the day of a lead (0 is one step ahead).</summary>
    public int SlotAhead(int lead) => (OriginSlot + 1 + lead) % Protocol.Day;

    /// <summary>Looks at the 288 steps up to and including an origin.</summary>
    /// <param name="values">[metrics][steps]; NaN is a gap.</param>
    /// <param name="origin">Index of the last observed step, at least 287.</param>
    /// <param name="originSlot">Its slot of the day.</param>
    /// <param name="tables">What is known of the server.</param>
    public void Look(float[][] values, int origin, int originSlot, ServerTables tables)
    {
        (Tables, OriginSlot) = (tables, originSlot);
        var size = tables.Count * Protocol.Context;
        if (_anomalies.Length < size)
            (_anomalies, _values, _soft, _cross) = (new float[size], new float[size], new float[size], new float[size]);
        var firstSlot = (originSlot + 1) % Protocol.Day;
        Array.Clear(_stress);
        for (var m = 0; m < tables.Count; m++)
            Fill(values[m].AsSpan(origin + 1 - Protocol.Context, Protocol.Context), tables.Metrics[m], m, firstSlot);
        for (var i = 0; i < Protocol.Context; i++)
            _stress[i] /= tables.Count;
        Mix(tables);
    }

    private void Fill(ReadOnlySpan<float> x, SeriesTables table, int metric, int firstSlot)
    {
        var at = metric * Protocol.Context;
        var location = table.Profile.Location;
        var unit = 1 / table.Scale;
        float last = 0;
        for (var i = 0; i < Protocol.Context; i++)
        {
            var slot = firstSlot + i;
            var c = location[slot < Protocol.Day ? slot : slot - Protocol.Day];
            if (float.IsFinite(x[i]))
            {
                last = Math.Clamp((x[i] - c) * unit, -Clip, Clip);
                _values[at + i] = x[i];
            }
            else
            {
                last *= Fade;
                _values[at + i] = c + (last * table.Scale);
            }

            _anomalies[at + i] = last;
            var soft = _soft[at + i] = MathF.Asinh(last);
            _stress[i] += Math.Abs(soft);
        }
    }

    private void Mix(ServerTables tables)
    {
        var n = tables.Count;
        _cross.AsSpan(0, n * Protocol.Context).Clear();
        for (var m = 0; m < n; m++)
        {
            var target = _cross.AsSpan(m * Protocol.Context, Protocol.Context);
            for (var k = 0; k < n; k++)
            {
                var weight = tables.Cross[(m * n) + k];
                if (Math.Abs(weight) < 1e-4f)
                    continue;
                var source = SoftAnomalies(k);
                for (var i = 0; i < Protocol.Context; i++)
                    target[i] += weight * source[i];
            }
        }
    }
}
