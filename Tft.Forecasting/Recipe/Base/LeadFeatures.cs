using Tft.Forecasting.Data;
using Tft.Forecasting.Recipe.Tables;

namespace Tft.Forecasting.Recipe.Base;

/// <summary>
/// What the linear base of one metric is made of: 11 features of the origin and 5 of each lead, all in units of the metric's anomalies. One
/// instance belongs to one thread.
/// </summary>
internal sealed class LeadFeatures
{
    /// <summary>Features of the origin: anomalies at lags 0, 1, 2; means over lags 3-4, 5-7, 0-11, 12-23, 0-47, 0-287; cross now and over an hour.</summary>
    public const int Common = 11;

    /// <summary>Features of a lead: yesterday's anomaly, its mean over an hour, lag ridge - c, smooth c - c, median of x - c.</summary>
    public const int PerLead = 5;

    /// <summary>All features of a lead.</summary>
    public const int Count = Common + PerLead;

    private const int Newest = Protocol.Context - 1;
    private readonly float[] _scratch = new float[Protocol.Context];
    private readonly float[] _ridge = new float[Protocol.Horizon];

    /// <summary>[11] features of the origin.</summary>
    public float[] Origin { get; } = new float[Common];

    /// <summary>[5][96] features of the leads.</summary>
    public float[][] Leads { get; } = [.. Enumerable.Range(0, PerLead).Select(_ => new float[Protocol.Horizon])];

    /// <summary>[96] climatology c of the targets, in the metric's units.</summary>
    public float[] Location { get; } = new float[Protocol.Horizon];

    /// <summary>[96] spread of the targets' slots, in units of A.</summary>
    public float[] Spread { get; } = new float[Protocol.Horizon];

    /// <summary>Computes the features of a metric of a window.</summary>
    public void Compute(WindowView view, int metric, LagRidge ridge)
    {
        var table = view.Tables.Metrics[metric];
        var a = view.Anomalies(metric);
        Origin[0] = a[Newest];
        Origin[1] = a[Newest - 1];
        Origin[2] = a[Newest - 2];
        Origin[3] = Mean(a, 3, 5);
        Origin[4] = Mean(a, 5, 8);
        Origin[5] = Mean(a, 0, 12);
        Origin[6] = Mean(a, 12, 24);
        Origin[7] = Mean(a, 0, 48);
        Origin[8] = Mean(a, 0, Protocol.Context);
        var cross = view.Cross(metric);
        Origin[9] = cross[^1];
        Origin[10] = Mean(cross, 0, 12);

        ridge.Forecast(view.Values(metric), table.Deviation, _scratch, _ridge);
        var unit = 1 / view.Scale(metric);
        var (yesterday, hour, lag, smooth, median) = (Leads[0], Leads[1], Leads[2], Leads[3], Leads[4]);
        for (var lead = 0; lead < Protocol.Horizon; lead++)
        {
            var slot = view.SlotAhead(lead);
            var c = Location[lead] = table.Profile.Location[slot];
            yesterday[lead] = a[lead];
            lag[lead] = Clip((_ridge[lead] - c) * unit);
            smooth[lead] = Clip((table.Profile.Smooth[slot] - c) * unit);
            median[lead] = Clip(DayProfile.At(table.Profile.Median, slot) * unit);
            Spread[lead] = Math.Max(DayProfile.At(table.Profile.Spread, slot) * unit, 0.1f);
        }

        // yesterday's mean over an hour about the target, as far as the window reaches back
        float sum = 0;
        for (var i = 0; i < 5; i++)
            sum += a[i];
        var seen = 5;
        for (var lead = 0; lead < Protocol.Horizon; lead++)
        {
            sum += a[lead + 5];
            seen++;
            if (lead > 6)
            {
                sum -= a[lead - 7];
                seen--;
            }

            hour[lead] = sum / seen;
        }
    }

    private static float Clip(float v) => Math.Clamp(v, -WindowView.Clip, WindowView.Clip);

    /// <summary>Mean over the lags from..to-1.</summary>
    private static float Mean(ReadOnlySpan<float> a, int from, int to)
    {
        float sum = 0;
        for (var lag = from; lag < to; lag++)
            sum += a[^(lag + 1)];
        return sum / (to - from);
    }
}
