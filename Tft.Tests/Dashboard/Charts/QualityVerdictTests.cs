using Tft.Contract.Messages;
using Tft.Dashboard.Charts;
using Tft.Dashboard.Fleet;

namespace Tft.Tests.Dashboard.Charts;

[Trait("Ring", "unit")]
public sealed class QualityVerdictTests
{
    [Theory]
    [InlineData(0.80, 0.2, "Healthy")]
    [InlineData(0.80, -0.1, "Warning")]
    [InlineData(0.55, 0.2, "Watch")]
    [InlineData(0.97, 0.2, "Watch")]
    [InlineData(1, 1.0, "Healthy")]
    [InlineData(0.80, null, "Healthy")]
    public void Of_CoverageAndSkill_AreJudged(double cover, double? skill, string level) =>
        Assert.Equal(Enum.Parse<Level>(level), QualityVerdict.Of(new ForecastQuality { N = 48, Cover80 = cover, Skill = skill })!.Level);

    [Fact]
    public void Of_TooFewOutcomes_IsNotKnown()
    {
        Assert.Null(QualityVerdict.Of(new ForecastQuality { N = 47, Cover80 = 0.8, Skill = 0.5 }));
        Assert.Null(QualityVerdict.Of(null));
    }

    [Fact]
    public void Of_Text_GivesTheFigures() =>
        Assert.Equal("coverage 81 % of 80 %, skill +23 % against seasonal naive, 4,032 outcomes in 7 days", QualityVerdict.Of(new ForecastQuality { N = 4032, Cover80 = 0.81, Skill = 0.23 })!.Text);
}
