using Tft.Forecasting.Evaluation;
using Tft.Forecasting.Recipe.Base;

namespace Tft.Forecasting.Recipe.Online;

/// <summary>
/// How far the recipe is believed over <see cref="YesterdayForecast"/> on each metric of one server: served is yesterday + r (recipe - yesterday), with r as
/// <see cref="SeriesTrust"/> finds it. Coefficients that were learned on other servers can be much worse than yesterday's value where days repeat; after some hours
/// what is served is hardly worse than the better of the two. The band of yesterday's value is its own mean error so far, as wide as an 80 % band of exponential
/// errors is. Memory is bounded, nothing is allocated.
/// </summary>
public sealed class YesterdayTrust
{
    /// <summary>Numbers that are kept of a metric: those of <see cref="SeriesTrust"/>, then the sum and the number of the errors.</summary>
    public const int PerMetric = SeriesTrust.PerMetric + 2;

    /// <summary>Errors of mean 1 with an exponential density on both sides lie within this at 80 %.</summary>
    private const float Width = 1.609f;

    /// <summary>As if the recipe had been better by 10 % over 100 outcomes: where days wander, hours in which yesterday was luckier by chance cost little.</summary>
    private const float Prior = 10;

    private readonly SeriesTrust _trust;
    private readonly float[] _error;
    private readonly float[] _count;

    /// <param name="metrics">Metrics of the server.</param>
    public YesterdayTrust(int metrics) => (_trust, _error, _count) = (new SeriesTrust(metrics, Prior), new float[metrics], new float[metrics]);

    /// <summary>Weight of the recipe in what is served, 0..1; 1 before it was judged.</summary>
    public float Of(int metric) => _trust.Of(metric);

    /// <summary>Whether yesterday's value alone is served.</summary>
    public bool Rejects(int metric) => _trust.Rejects(metric);

    /// <summary>Another recipe has to be judged anew; what is known of yesterday's value stays.</summary>
    public void Forget() => _trust.Forget();

    /// <summary>Copies the state that is kept, [metrics, 9].</summary>
    public void CopyTo(Span<float> state)
    {
        for (var m = 0; m < _error.Length; m++)
        {
            var row = state.Slice(m * PerMetric, PerMetric);
            _trust.State.Slice(m * SeriesTrust.PerMetric, SeriesTrust.PerMetric).CopyTo(row);
            (row[^2], row[^1]) = (_error[m], _count[m]);
        }
    }

    /// <summary>Takes over a state that was kept.</summary>
    /// <exception cref="InvalidDataException">It is none.</exception>
    public void Restore(ReadOnlySpan<float> state)
    {
        var trust = new float[_error.Length * SeriesTrust.PerMetric];
        for (var m = 0; m < _error.Length; m++)
        {
            var row = state.Slice(m * PerMetric, PerMetric);
            if (!(row[^2] >= 0) || !(row[^1] >= 0) || !float.IsFinite(row[^2] + row[^1]))
                throw new InvalidDataException($"An error of {row[^2]} in {row[^1]} outcomes is none.");
            row[..SeriesTrust.PerMetric].CopyTo(trust.AsSpan(m * SeriesTrust.PerMetric));
            (_error[m], _count[m]) = (row[^2], row[^1]);
        }

        _trust.Restore(trust);
    }

    /// <summary>Adds an outcome: to the mean error of yesterday's value, and the losses of its mixtures with the recipe's forecast to the sums.</summary>
    /// <param name="metric">The metric.</param>
    /// <param name="actual">What came.</param>
    /// <param name="recipe">p10, p50, p90 of the recipe.</param>
    /// <param name="yesterday">Yesterday's value with its distance.</param>
    /// <param name="losses">[5] sums.</param>
    public void AddLosses(int metric, float actual, ReadOnlySpan<float> recipe, float yesterday, Span<float> losses)
    {
        var error = Math.Abs(actual - yesterday);
        if (!float.IsFinite(_error[metric] + error))
            return;
        (_error[metric], _count[metric]) = (_error[metric] + error, _count[metric] + 1);
        var half = Half(metric);
        SeriesTrust.AddLosses(actual, recipe, [yesterday - half, yesterday, yesterday + half], losses);
    }

    /// <summary>Learns from the outcomes of an origin, as <see cref="SeriesTrust.Observe"/>.</summary>
    public void Observe(ReadOnlySpan<float> losses, ReadOnlySpan<int> outcomes)
    {
        _trust.Observe(losses, outcomes);
        for (var m = 0; m < outcomes.Length; m++)
        {
            if (outcomes[m] > 0)
                (_error[m], _count[m]) = (_error[m] * SeriesTrust.Decay, _count[m] * SeriesTrust.Decay);
        }
    }

    /// <summary>Mixes a forecast [96, 3] of the recipe with yesterday's value [96], in place.</summary>
    public void Blend(int metric, Span<float> recipe, ReadOnlySpan<float> yesterday)
    {
        var share = Of(metric);
        if (share >= 1)
            return;
        var half = Half(metric);
        for (var lead = 0; lead < yesterday.Length; lead++)
        {
            var q = recipe.Slice(lead * QuantileForecast.Quantiles, QuantileForecast.Quantiles);
            q[0] = SeriesTrust.Mix(share, q[0], yesterday[lead] - half);
            q[1] = SeriesTrust.Mix(share, q[1], yesterday[lead]);
            q[2] = SeriesTrust.Mix(share, q[2], yesterday[lead] + half);
        }
    }

    private float Half(int metric) => _count[metric] > 0 ? Width * _error[metric] / _count[metric] : 0;
}
