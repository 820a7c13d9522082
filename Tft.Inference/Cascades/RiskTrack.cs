using Tft.Inference.Risk;

namespace Tft.Inference.Cascades;

/// <summary>
/// A server over 16 hours on the five-minute grid: eight measured, eight forecast. Positions 0..95 are measured, 96..191 ahead; all servers share the grid.
/// </summary>
internal sealed class RiskTrack
{
    public const int Past = 96;
    public const int Ahead = 96;
    public const int Steps = Past + Ahead;

    /// <summary>Points of risk; less is no rise.</summary>
    private const float LeastRise = 20;

    /// <summary>A risk that has been below its line for this long has ended.</summary>
    private const int CalmSteps = 6;

    /// <summary>An episode that ended earlier than this before the origin is history.</summary>
    private const int OverSteps = 12;

    /// <summary>Shorter is a spike.</summary>
    private const int LeastSteps = 2;

    /// <param name="name">Of the server.</param>
    /// <param name="profile">Wire name of its profile.</param>
    /// <param name="risk">[192] 0..100; NaN where nothing is known.</param>
    /// <param name="strain">[192] how far the worst metric has come from its usual value (0) to its watch threshold (1); at most 4, NaN where nothing is known.</param>
    /// <param name="leading">[192] the metric of the largest severity, of the largest strain where none has any.</param>
    public RiskTrack(string name, string profile, float[] risk, float[] strain, RiskMetric[] leading)
    {
        (Name, Profile, Risk, Strain, Leading) = (name, profile, risk, strain, leading);
        (Onset, Peak) = FindOnset(risk);
        Changes = new(LaggedCorrelation.ChangesOf(strain));
    }

    public string Name { get; }
    public string Profile { get; }
    public float[] Risk { get; }
    public float[] Strain { get; }
    public RiskMetric[] Leading { get; }

    /// <summary>Changes of the strain: what is compared.</summary>
    public ComparedCourse Changes { get; }

    /// <summary>
    /// The step at which the risk has come half way from its usual value to its highest, and to watch at least; -1 where it does not rise by 20, or was there from
    /// the beginning. Half way, because a server may be at watch all day and a crossing of that would say nothing.
    /// </summary>
    public int Onset { get; }

    /// <summary>Highest risk from then on.</summary>
    public float Peak { get; }

    public bool IsForecast => Onset >= Past;

    // The episode with the highest peak of those that last until now or lie ahead; of two alike the earlier.
    private static (int Onset, float Peak) FindOnset(float[] risk)
    {
        var usual = Usual(risk);
        var highest = risk.Where(r => !float.IsNaN(r)).DefaultIfEmpty().Max();
        if (float.IsNaN(usual) || highest - usual < LeastRise)
            return (-1, 0);
        var line = Math.Max(RiskLevels.Watch, (usual + highest) / 2);
        var best = (Onset: -1, Peak: 0f);
        for (var i = 0; i < Steps;)
        {
            if (!(risk[i] >= line))
            {
                i++;
                continue;
            }

            var (begin, last, bad, peak) = (i, i, 0, 0f);
            for (; i < Steps && i - last <= CalmSteps; i++)
            {
                if (risk[i] >= line)
                    (last, bad, peak) = (i, bad + 1, Math.Max(peak, risk[i]));
            }

            if (bad >= LeastSteps && last >= Past - OverSteps && peak > best.Peak && WasCalm(risk, begin, line))
                best = (begin, peak);
        }

        return best;
    }

    /// <summary>The median of what was measured; NaN where nothing was.</summary>
    private static float Usual(float[] risk)
    {
        List<float> known = [.. risk.Take(Past).Where(r => !float.IsNaN(r)).Order()];
        return known.Count == 0 ? float.NaN : known[known.Count / 2];
    }

    /// <summary>Of the half hour before, half at least was known and below the line: else nobody knows when it began.</summary>
    private static bool WasCalm(float[] risk, int begin, float line)
    {
        var known = 0;
        for (var i = Math.Max(0, begin - CalmSteps); i < begin; i++)
            known += risk[i] < line ? 1 : 0;
        return known >= CalmSteps / 2;
    }
}
