using Tft.Forecasting.Data;
using Tft.Forecasting.Trees;

namespace Tft.Forecasting.Recipe;

/// <summary>What the trees add to the residual quantiles of a window, in units of U: at the knots, linear in between. One instance belongs to one thread.</summary>
internal sealed class TreeCorrection(IReadOnlyList<Forest> forests)
{
    private readonly float[] _rows = new float[Forest.Rows * TreeInputs.Count];
    private readonly float[] _knots = new float[LeadKnots.Count * Forest.Outputs];

    /// <summary>Sets the corrections [96, 3] of a metric whose base is computed.</summary>
    public void Correct(WindowView view, int metric, BaseForecast forecast, Span<float> corrections)
    {
        for (var f = 0; f < forests.Count; f++)
        {
            var leads = TreeShape.Leads(f);
            var rows = _rows.AsSpan(0, leads.Length * TreeInputs.Count);
            TreeInputs.Fill(view, metric, forecast, leads, rows);
            forests[f].Predict(rows, _knots.AsSpan(TreeShape.FirstKnot(f) * Forest.Outputs));
        }

        for (var lead = 0; lead < Protocol.Horizon; lead++)
        {
            var (knot, share) = LeadKnots.Positions[lead];
            for (var q = 0; q < Forest.Outputs; q++)
            {
                var (low, high) = (_knots[(knot * Forest.Outputs) + q], _knots[((knot + 1) * Forest.Outputs) + q]);
                corrections[(lead * Forest.Outputs) + q] = low + (share * (high - low));
            }
        }
    }
}
