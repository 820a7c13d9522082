using Tft.Forecasting.Data;
using Tft.Forecasting.Recipe.Bands;
using Tft.Forecasting.Recipe.Tables;

namespace Tft.Forecasting.Recipe.Base;

/// <summary>
/// The base forecast b(h) of one metric of a window, the unit U(h) of its band, and the residual quantiles B(h): forecast = b + U B. Complete by
/// itself (it is the fallback), and what the network corrects. One instance belongs to one thread.
/// </summary>
internal sealed class BaseForecast
{
    private readonly float[] _knots = new float[LeadKnots.Count];
    private float[] _cross = [];
    private LearnedSeries? _mixed;
    private readonly float[] _row = new float[NormalEquations.Width];

    /// <summary>The features of the base.</summary>
    public LeadFeatures Features { get; } = new();

    /// <summary>[8] constants of the origin.</summary>
    public float[] State { get; } = new float[OriginState.Count];

    /// <summary>How likely yesterday comes again, 0..1.</summary>
    public float Regularity { get; private set; }

    /// <summary>[96] anomaly that the base expects, in units of A.</summary>
    public float[] Anomaly { get; } = new float[Protocol.Horizon];

    /// <summary>[96] the same by least squares.</summary>
    public float[] Squares { get; } = new float[Protocol.Horizon];

    /// <summary>[96] U, in units of A.</summary>
    public float[] Unit { get; } = new float[Protocol.Horizon];

    /// <summary>[96, 3] B, in units of U.</summary>
    public float[] Quantiles { get; } = new float[Protocol.Horizon * 3];

    /// <summary>[96] log of the usual unit, in units of A.</summary>
    public float[] LogUnit { get; } = new float[Protocol.Horizon];

    /// <summary>Computes the forecast of a metric of a window.</summary>
    public void Compute(WindowView view, int metric, LearnedSeries learned, LagRidge ridge)
    {
        Regularity = view.Regularity(metric);
        if (learned.ByRegularity.Count > 0)
        {
            RegularityClasses.Mix(learned.ByRegularity, Regularity, _mixed ??= RegularityClasses.Room(learned));
            learned = _mixed;
        }

        Features.Compute(view, metric, ridge);
        OriginState.Compute(view, metric, State);
        Linear(learned.Base, Anomaly);
        AddCross(view, learned.Cross);
        Linear(learned.Squares, Squares);
        LeadKnots.Interpolate(learned.LogUnit, LogUnit);
        Band(learned.Band);
        for (var q = 0; q < 3; q++)
        {
            for (var lead = 0; lead < Protocol.Horizon; lead++)
            {
                var (knot, share) = LeadKnots.Positions[lead];
                var (low, high) = (learned.Quantiles[(knot * 3) + q], learned.Quantiles[((knot + 1) * 3) + q]);
                Quantiles[(lead * 3) + q] = low + (share * (high - low));
            }
        }
    }

    // the part of the origin is linear between the knots, as its coefficients are
    private void Linear(float[] coefficients, float[] anomaly)
    {
        for (var k = 0; k < _knots.Length; k++)
            _knots[k] = LinearBase.Dot(coefficients.AsSpan(k * LeadFeatures.Count, LeadFeatures.Common), Features.Origin);
        LeadKnots.Interpolate(_knots, anomaly);
        for (var lead = 0; lead < Protocol.Horizon; lead++)
        {
            var (knot, share) = LeadKnots.Positions[lead];
            var low = coefficients.AsSpan((knot * LeadFeatures.Count) + LeadFeatures.Common, LeadFeatures.PerLead);
            var high = coefficients.AsSpan(((knot + 1) * LeadFeatures.Count) + LeadFeatures.Common, LeadFeatures.PerLead);
            for (var f = 0; f < LeadFeatures.PerLead; f++)
                anomaly[lead] += (low[f] + (share * (high[f] - low[f]))) * Features.Leads[f][lead];
        }
    }

    private void AddCross(WindowView view, float[] coefficients)
    {
        var width = view.Tables.Count * CrossMetrics.PerMetric;
        if (coefficients.Length == 0)
            return;
        if (_cross.Length != width)
            _cross = new float[width];
        CrossMetrics.Fill(view, _cross);
        for (var k = 0; k < CrossMetrics.Knots; k++)
            _knots[k] = LinearBase.Dot(coefficients.AsSpan(k * width, width), _cross);
        for (var lead = 0; lead < LeadKnots.Leads[CrossMetrics.Knots - 1] - 1; lead++)
        {
            var (knot, share) = LeadKnots.Positions[lead];
            Anomaly[lead] += _knots[knot] + (share * (_knots[knot + 1] - _knots[knot]));
        }
    }

    private void Band(float[] coefficients)
    {
        BandFeatures.Common8(State, _row);
        for (var k = 0; k < _knots.Length; k++)
            _knots[k] = LinearBase.Dot(coefficients.AsSpan(k * BandFeatures.Count, BandFeatures.Common), _row.AsSpan(0, BandFeatures.Common));
        for (var lead = 0; lead < Protocol.Horizon; lead++)
        {
            BandFeatures.Lead(State, Features.Spread[lead], Anomaly[lead], Features.Leads[0][lead], Features.Leads[2][lead], Features.Leads[1][lead], _row);
            var (knot, share) = LeadKnots.Positions[lead];
            var log = _knots[knot] + (share * (_knots[knot + 1] - _knots[knot]));
            for (var f = BandFeatures.Common; f < BandFeatures.Count; f++)
            {
                var (low, high) = (coefficients[(knot * BandFeatures.Count) + f], coefficients[((knot + 1) * BandFeatures.Count) + f]);
                log += (low + (share * (high - low))) * _row[f];
            }

            Unit[lead] = MathF.Exp(LogUnit[lead] + Math.Clamp(log, -BandFit.LogCap, BandFit.LogCap));
        }
    }
}
