using Tft.Forecasting.Data;
using Tft.Forecasting.Recipe.Tables;

namespace Tft.Forecasting.Recipe.Base;

/// <summary>All that fitting needs of one metric of one server: a row per origin, leads at the knots only.</summary>
internal sealed class FitSamples(int origins)
{
    private static readonly int s_knots = LeadKnots.Count;

    /// <summary>Number of origins.</summary>
    public int Origins { get; } = origins;

    /// <summary>[origins, 11] features of the origin.</summary>
    public float[] Common { get; } = new float[origins * LeadFeatures.Common];

    /// <summary>[origins, knots, 5] features of the leads.</summary>
    public float[] Leads { get; } = new float[origins * s_knots * LeadFeatures.PerLead];

    /// <summary>[origins, knots] anomalies of the targets in units of A; NaN where nothing was measured.</summary>
    public float[] Targets { get; } = new float[origins * s_knots];

    /// <summary>[origins, knots] spread of the targets' slots in units of A.</summary>
    public float[] Spread { get; } = new float[origins * s_knots];

    /// <summary>[origins, 8] constants of the origin.</summary>
    public float[] State { get; } = new float[origins * OriginState.Count];

    /// <summary>[origins] how likely yesterday comes again, 0..1.</summary>
    public float[] Regularity { get; } = new float[origins];

    /// <summary>[origins, knots] forecast of the base and of what the other metrics add, in units of A; filled once those are known.</summary>
    public float[] Forecast { get; } = new float[origins * s_knots];

    /// <summary>Samples of all metrics of a server, and the features [origins, metrics * 2] of <see cref="CrossMetrics"/>, at origins every so many steps between two steps, each seen through the tables given for it.</summary>
    public static (FitSamples[] Samples, float[] Cross) Of(float[][] values, Func<int, int> slotOf, Func<int, ServerTables> tablesAt, LagRidge ridge, int first, int last, int originStep, bool stretches)
    {
        var origins = Math.Max(0, (last - first + originStep - 1) / originStep);
        var samples = new FitSamples[values.Length];
        for (var m = 0; m < values.Length; m++)
            samples[m] = new FitSamples(origins);
        var width = values.Length * CrossMetrics.PerMetric;
        var cross = new float[origins * width];
        var (view, features) = (new WindowView(stretches), new LeadFeatures());
        for (var e = 0; e < origins; e++)
        {
            var origin = first + (e * originStep);
            view.Look(values, origin, slotOf(origin), tablesAt(origin));
            CrossMetrics.Fill(view, cross.AsSpan(e * width, width));
            for (var m = 0; m < values.Length; m++)
            {
                features.Compute(view, m, ridge);
                samples[m].Fill(e, features, values[m].AsSpan(origin + 1, Protocol.Horizon), view.Scale(m));
                samples[m].Regularity[e] = view.Regularity(m);
                OriginState.Compute(view, m, samples[m].State.AsSpan(e * OriginState.Count, OriginState.Count));
            }
        }

        return (samples, cross);
    }

    /// <summary>The samples of some origins, without forecasts.</summary>
    public FitSamples Only(Func<float, bool> regularity)
    {
        int[] origins = [.. Enumerable.Range(0, Origins).Where(e => regularity(Regularity[e]))];
        var some = new FitSamples(origins.Length);
        void Take(float[] from, float[] to, int width)
        {
            for (var i = 0; i < origins.Length; i++)
                from.AsSpan(origins[i] * width, width).CopyTo(to.AsSpan(i * width));
        }

        Take(Common, some.Common, LeadFeatures.Common);
        Take(Leads, some.Leads, s_knots * LeadFeatures.PerLead);
        Take(Targets, some.Targets, s_knots);
        Take(Spread, some.Spread, s_knots);
        Take(State, some.State, OriginState.Count);
        Take(Regularity, some.Regularity, 1);
        return some;
    }

    /// <summary>Puts the 16 features of an origin and a knot into a row.</summary>
    public void Row(int origin, int knot, Span<float> row)
    {
        Common.AsSpan(origin * LeadFeatures.Common, LeadFeatures.Common).CopyTo(row);
        Leads.AsSpan(((origin * s_knots) + knot) * LeadFeatures.PerLead, LeadFeatures.PerLead).CopyTo(row[LeadFeatures.Common..]);
    }

    /// <summary>Computes <see cref="Forecast"/> from the coefficients of the base and, where there are some, of the other metrics.</summary>
    public void Predict(ReadOnlySpan<float> coefficients, ReadOnlySpan<float> cross, ReadOnlySpan<float> crossCoefficients)
    {
        var width = crossCoefficients.Length / CrossMetrics.Knots;
        Span<float> row = stackalloc float[LeadFeatures.Count];
        for (var e = 0; e < Origins; e++)
        {
            for (var k = 0; k < s_knots; k++)
            {
                Row(e, k, row);
                var forecast = LinearBase.Dot(coefficients.Slice(k * LeadFeatures.Count, LeadFeatures.Count), row);
                if (width > 0 && k < CrossMetrics.Knots)
                    forecast += LinearBase.Dot(crossCoefficients.Slice(k * width, width), cross.Slice(e * width, width));
                Forecast[(e * s_knots) + k] = forecast;
            }
        }
    }

    private void Fill(int origin, LeadFeatures features, ReadOnlySpan<float> targets, float scale)
    {
        features.Origin.CopyTo(Common, origin * LeadFeatures.Common);
        for (var k = 0; k < s_knots; k++)
        {
            var lead = LeadKnots.Leads[k] - 1;
            var at = (origin * s_knots) + k;
            for (var f = 0; f < LeadFeatures.PerLead; f++)
                Leads[(at * LeadFeatures.PerLead) + f] = features.Leads[f][lead];
            Targets[at] = (targets[lead] - features.Location[lead]) / scale;
            Spread[at] = features.Spread[lead];
        }
    }
}
