namespace Tft.Forecasting.Recipe.Online;

/// <summary>
/// How far the networks are believed on each metric of one server. Served is base + w (networks - base). What came is held against five such mixtures
/// (w = 0, 1/4, .. 1): each keeps an exponentially weighted sum of its three pinball losses, and w is their mean by exp(-outcomes * relative loss),
/// half of the relative loss being that of all metrics of the server (exponentially weighted forecasters: Cesa-Bianchi and Lugosi, Prediction, learning, and
/// games, 2006, ch. 2). Both forecasts are judged whichever was served, so that a network that gets better is believed again.
/// </summary>
public sealed class SeriesTrust
{
    /// <summary>Mixtures that are compared.</summary>
    public const int Mixtures = 5;

    /// <summary>Numbers that are kept of a metric: loss by mixture, weighted number of outcomes, trust.</summary>
    public const int PerMetric = Mixtures + 2;

    /// <summary>Outcomes before the networks are judged at all.</summary>
    public const int LeastOutcomes = 12;

    /// <summary>A metric whose trust falls below this is served by the base ..</summary>
    public const float Rejected = 0.05f;

    /// <summary>.. until it has risen above this again: between them nothing changes, so that the label does not flap.</summary>
    public const float Accepted = 0.15f;

    /// <summary>What is left of an outcome's weight an hour later: half is gone after four days.</summary>
    internal static readonly float Decay = MathF.Pow(0.5f, 1 / 96f);
    private const float Pooled = 0.5f;

    /// <summary>Head start of networks, which were promoted for being better than the base: as if they had been by 2 % over 100 outcomes.</summary>
    public const float Promoted = 2;
    private const float MostRelative = 0.3f;
    private const int CountAt = Mixtures;
    private const int TrustAt = Mixtures + 1;
    private readonly float[] _state;
    private readonly bool[] _rejected;
    private readonly float _prior;

    /// <param name="metrics">Metrics of the server.</param>
    /// <param name="prior">Head start of the first of the two.</param>
    public SeriesTrust(int metrics, float prior = Promoted)
    {
        _prior = prior;
        _state = new float[metrics * PerMetric];
        _rejected = new bool[metrics];
        Forget();
    }

    /// <summary>[metrics, 7]: the state that is kept.</summary>
    public ReadOnlySpan<float> State => _state;

    /// <summary>Weight of the networks in what is served, 0..1; 0 where they are rejected, 1 before they were judged.</summary>
    public float Of(int metric) => _rejected[metric] ? 0 : _state[(metric * PerMetric) + TrustAt];

    /// <summary>Whether the base alone is served.</summary>
    public bool Rejects(int metric) => _rejected[metric];

    /// <summary>Begins anew, as with other networks.</summary>
    public void Forget()
    {
        Array.Clear(_state);
        Array.Clear(_rejected);
        for (var at = TrustAt; at < _state.Length; at += PerMetric)
            _state[at] = 1;
    }

    /// <summary>Takes over a state that was kept.</summary>
    /// <exception cref="InvalidDataException">It is none.</exception>
    public void Restore(ReadOnlySpan<float> state)
    {
        for (var i = 0; i < _state.Length; i++)
        {
            if (!(state[i] >= 0) || !float.IsFinite(state[i]) || (i % PerMetric == TrustAt && state[i] > 1))
                throw new InvalidDataException($"A trust of {state[i]} is none.");
            _state[i] = state[i];
        }

        for (var m = 0; m < _rejected.Length; m++)
            _rejected[m] = _state[(m * PerMetric) + TrustAt] < Rejected;
    }

    /// <summary>Adds the three pinball losses of an outcome to those of the mixtures.</summary>
    /// <param name="actual">What came.</param>
    /// <param name="networks">p10, p50, p90 of the networks.</param>
    /// <param name="fallback">p10, p50, p90 of the base.</param>
    /// <param name="losses">[5] sums.</param>
    public static void AddLosses(float actual, ReadOnlySpan<float> networks, ReadOnlySpan<float> fallback, Span<float> losses)
    {
        for (var w = 0; w < Mixtures; w++)
        {
            var weight = w / (Mixtures - 1f);
            losses[w] += Pinball(actual - Mix(weight, networks[0], fallback[0]), 0.1f)
                + Pinball(actual - Mix(weight, networks[1], fallback[1]), 0.5f)
                + Pinball(actual - Mix(weight, networks[2], fallback[2]), 0.9f);
        }
    }

    /// <summary>Learns from the outcomes of an origin.</summary>
    /// <param name="losses">[metrics, 5] losses by mixture, summed over the outcomes.</param>
    /// <param name="outcomes">[metrics] how many outcomes.</param>
    public void Observe(ReadOnlySpan<float> losses, ReadOnlySpan<int> outcomes)
    {
        for (var m = 0; m < outcomes.Length; m++)
        {
            var state = _state.AsSpan(m * PerMetric, PerMetric);
            var lost = losses.Slice(m * Mixtures, Mixtures);

            // a value beyond all reason would make every sum infinite for good
            if (outcomes[m] == 0 || !float.IsFinite(state[0] + lost[0]) || !float.IsFinite(state[Mixtures - 1] + lost[Mixtures - 1]))
                continue;
            for (var w = 0; w < Mixtures; w++)
                state[w] = (Decay * state[w]) + lost[w];
            state[CountAt] = (Decay * state[CountAt]) + outcomes[m];
        }

        Settle();
    }

    /// <summary>Mixes a forecast [96, 3] of the networks with the base's, in place.</summary>
    public static void Blend(float trust, Span<float> networks, ReadOnlySpan<float> fallback)
    {
        if (trust >= 1)
            return;
        for (var i = 0; i < networks.Length; i++)
            networks[i] = Mix(trust, networks[i], fallback[i]);
    }

    private void Settle()
    {
        Span<float> all = stackalloc float[Mixtures];
        var count = 0f;
        for (var at = 0; at < _state.Length; at += PerMetric)
        {
            var n = _state[at + CountAt];
            count += n;
            for (var w = 1; w < Mixtures; w++)
                all[w] += n * Math.Clamp(Relative(at, w), -MostRelative, MostRelative);
        }

        if (count <= 0)
            return;
        Span<float> score = stackalloc float[Mixtures];
        for (var m = 0; m < _rejected.Length; m++)
        {
            var at = m * PerMetric;
            var n = _state[at + CountAt];
            if (n < LeastOutcomes)
                continue;
            var best = float.NegativeInfinity;
            for (var w = 0; w < Mixtures; w++)
            {
                score[w] = (_prior * w / (Mixtures - 1f)) - (n * (((1 - Pooled) * Relative(at, w)) + (Pooled * all[w] / count)));
                best = Math.Max(best, score[w]);
            }

            float sum = 0, trust = 0;
            for (var w = 0; w < Mixtures; w++)
            {
                var share = MathF.Exp(score[w] - best);
                sum += share;
                trust += share * w / (Mixtures - 1f);
            }

            trust /= sum;
            _state[at + TrustAt] = trust;
            _rejected[m] = trust < Rejected || (_rejected[m] && trust < Accepted);
        }
    }

    // loss of a mixture relative to that of the base; 0 where the base was perfect
    private float Relative(int at, int mixture) => _state[at] > 0 ? (_state[at + mixture] / _state[at]) - 1 : 0;

    internal static float Mix(float weight, float networks, float fallback) => fallback + (weight * (networks - fallback));

    private static float Pinball(float difference, float level) => difference * (difference > 0 ? level : level - 1);
}
