using System.Globalization;
using System.Text;
using Tft.Contract.Messages;
using Tft.Dashboard.Charts;

namespace Tft.Dashboard.Explain;

/// <summary>Where one step ahead looks: a share for each step of the past and of the way there, over time.</summary>
public sealed class AttentionProfile
{
    private readonly double[] _weights;
    private readonly int _past;

    private AttentionProfile(double[] weights, int past, int lead, DateTimeOffset origin, TimeSpan step)
    {
        (_weights, _past, LeadSteps, Origin, Step) = (weights, past, lead, origin, step);
        PastShare = weights.Take(past).Sum();
        (_, High, Ticks) = Axis.Values(0, Math.Max(weights.Max(), Even) * 1.05, 4);
        Hours = HoursOf();
    }

    /// <summary>The leads that an explanation has, in minutes.</summary>
    public static IReadOnlyList<int> LeadsOf(ExplainResponse explanation) =>
        [.. explanation.Attention.DecoderSteps.Take(explanation.Attention.OverPast.Count).Select(s => s * explanation.StepSeconds / 60)];

    /// <summary>The attention of a lead, or of the farthest where that is not there; null where the explanation has none.</summary>
    /// <param name="explanation">What the service said.</param>
    /// <param name="leadMinutes">The lead that is asked for.</param>
    /// <param name="origin">Where the past ends, should the explanation not say.</param>
    public static AttentionProfile? Of(ExplainResponse explanation, int? leadMinutes, DateTimeOffset origin)
    {
        var leads = LeadsOf(explanation);
        var row = leadMinutes is { } asked ? leads.ToList().IndexOf(asked) : -1;
        row = row < 0 ? leads.Count - 1 : row;
        return row < 0 || explanation.Attention.OverPast[row].Count <= explanation.Attention.PastSteps ? null
            : new([.. explanation.Attention.OverPast[row]], explanation.Attention.PastSteps, explanation.Attention.DecoderSteps[row], explanation.Origin ?? origin, TimeSpan.FromSeconds(explanation.StepSeconds));
    }

    public int LeadSteps { get; }

    public DateTimeOffset Origin { get; }

    public TimeSpan Step { get; }

    public TimeSpan Lead => LeadSteps * Step;

    /// <summary>The step ahead that looks.</summary>
    public DateTimeOffset Target => Origin + Lead;

    public DateTimeOffset From => Origin - (_past * Step);

    public DateTimeOffset To => Origin + ((_weights.Length - _past) * Step);

    /// <summary>Share that lies in the past.</summary>
    public double PastShare { get; }

    /// <summary>The share of each step if the past and the way to the target counted alike.</summary>
    public double Even => 1.0 / (_past + LeadSteps);

    public double High { get; }

    public double[] Ticks { get; }

    /// <summary>Shares by hour, oldest first, as far as the target.</summary>
    public IReadOnlyList<AttentionHour> Hours { get; }

    /// <summary>The step that it looks at most.</summary>
    public (DateTimeOffset Time, double Share) Peak
    {
        get
        {
            var at = Array.IndexOf(_weights, _weights.Max());
            return (At(at), _weights[at]);
        }
    }

    /// <summary>Closed path of the shares as stairs, in a plot of 1000 x 1000.</summary>
    public string Path
    {
        get
        {
            var path = new StringBuilder("M0 1000");
            for (var i = 0; i < _weights.Length; i++)
            {
                var y = Y(_weights[i]);
                path.Append(CultureInfo.InvariantCulture, $"L{X(At(i) - Step):0.#} {y:0.#}L{X(At(i)):0.#} {y:0.#}");
            }

            return path.Append("L1000 1000Z").ToString();
        }
    }

    /// <summary>End of the bucket of a step; measured values are drawn there, too.</summary>
    public DateTimeOffset At(int i) => Origin + ((i + 1 - _past) * Step);

    public double X(DateTimeOffset time) => (time - From) / (To - From) * BandGeometry.Size;

    public double Y(double share) => Math.Clamp(1 - (share / High), 0, 1) * BandGeometry.Size;

    public IEnumerable<(DateTimeOffset Time, double Share)> Steps => _weights.Select((w, i) => (At(i), w));

    private List<AttentionHour> HoursOf()
    {
        var perHour = Math.Max(1, (int)(TimeSpan.FromHours(1) / Step));
        var hours = new List<AttentionHour>();
        // counted from the origin: no hour holds both past and future
        for (var first = _past % perHour == 0 ? 0 : (_past % perHour) - perHour; first < _past + LeadSteps; first += perHour)
        {
            var (from, to) = (Math.Max(0, first), Math.Min(first + perHour, _weights.Length));
            hours.Add(new(At(from) - Step, At(to - 1), from >= _past, _weights[from..to].Sum()));
        }

        return hours;
    }
}

/// <summary>The share of an hour.</summary>
/// <param name="From">Its begin.</param>
/// <param name="To">Its end.</param>
/// <param name="IsAhead">Not measured yet when the forecast was made.</param>
/// <param name="Share">Of all that is looked at.</param>
public sealed record AttentionHour(DateTimeOffset From, DateTimeOffset To, bool IsAhead, double Share);
