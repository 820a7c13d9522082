using Tft.Forecasting.Recipe.Base;
using Tft.Forecasting.Trees;

namespace Tft.Forecasting.Recipe.Corrections;

/// <summary>What the trees add to the residual quantiles of a window at the next leads, in units of U. One instance belongs to one thread.</summary>
internal sealed class TreeCorrection(Forest forest)
{
    private readonly float[] _rows = new float[TreeShape.Leads.Length * TreeInputs.Count];
    private readonly float[] _knots = new float[LeadKnots.Count * Forest.Outputs];

    /// <summary>Sets the corrections [96, 3] of a metric whose base is computed; after the trees' last lead they are of no meaning.</summary>
    public void Correct(WindowView view, int metric, BaseForecast forecast, Span<float> corrections)
    {
        TreeInputs.Fill(view, metric, forecast, TreeShape.Leads, _rows);
        forest.Predict(_rows, _knots);
        // what has a little share after the last knot is as there
        var last = _knots.AsSpan((TreeShape.Leads.Length - 1) * Forest.Outputs, Forest.Outputs);
        last.CopyTo(_knots.AsSpan(TreeShape.Leads.Length * Forest.Outputs));
        for (var lead = 0; TreeShape.Share(lead) > 0; lead++)
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
