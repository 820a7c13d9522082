using System.Globalization;
using Tft.Contract.Messages;
using Tft.Dashboard.Fleet;
using Tft.Dashboard.Text;

namespace Tft.Dashboard.Charts;

/// <summary>Whether forecasts held in the last seven days: the band, and the middle beside seasonal naive.</summary>
/// <param name="Level">How it is marked; a forecast that is not better than seasonal naive is a warning.</param>
/// <param name="Word">In a word or two.</param>
/// <param name="Text">The figures.</param>
internal sealed record QualityVerdict(Level Level, string Word, string Text)
{
    /// <summary>Outcomes below which a share says nothing: 48 are some hours of two leads.</summary>
    public const int LeastOutcomes = 48;

    private const double NarrowFrom = 0.7;
    private const double WideFrom = 0.92;

    /// <summary>A clock, or what never changes: a band without a width covers it whole.</summary>
    private const double ExactFrom = 0.99;

    /// <summary>Null before there are enough outcomes.</summary>
    public static QualityVerdict? Of(ForecastQuality? quality) => quality is null ? null : Of(quality.N, quality.Cover80, quality.Skill);

    public static QualityVerdict? Of(long outcomes, double? cover, double? skill)
    {
        if (outcomes < LeastOutcomes || cover is not { } covered)
        {
            return null;
        }

        var (level, word) = (covered, skill) switch
        {
            (_, < 0) => (Level.Warning, "worse than yesterday\u2019s value"),
            (_, >= ExactFrom) => (Level.Healthy, "exact"),
            ( < NarrowFrom, _) => (Level.Watch, "bands too narrow"),
            ( > WideFrom, _) => (Level.Watch, "bands wider than needed"),
            _ => (Level.Healthy, "holds"),
        };
        return new(level, word, $"coverage {Format.Share(covered)} of 80 %, skill {Skill(skill)} against seasonal naive, {Format.Count(outcomes)} outcomes in 7 days");
    }

    public static string Skill(double? skill) => skill is { } s ? s.ToString("+0 %;-0 %;0 %", CultureInfo.InvariantCulture) : Format.Nothing;
}
