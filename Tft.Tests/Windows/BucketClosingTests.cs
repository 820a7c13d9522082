using Tft.Inference.Windows;

namespace Tft.Tests.Windows;

/// <summary>When a bucket closes: whose grace it waits for, and whose not.</summary>
[Trait("Ring", "unit")]
public sealed class BucketClosingTests : IDisposable
{
    private static readonly uint s_noon = WindowsDriver.At("2026-03-02T12:00:00Z");
    private readonly WindowsDriver _driver = new();

    public void Dispose() => _driver.Dispose();

    [Fact]
    public void CloseDue_AfterTheGrace_ClosesTheLastBucket()
    {
        _driver.Feed("a", s_noon + 295, 10);
        _driver.TakeChanged();

        _driver.Windows.CloseDue(s_noon + 329);
        Assert.Equal(0, _driver.Read("a").Info.KnownSteps);
        _driver.Windows.CloseDue(s_noon + 330);

        Assert.Equal(new WindowInfo(s_noon / 300, 1, 1), _driver.Read("a").Info);
        Assert.Equal([0], _driver.TakeChanged());
        _driver.Windows.CloseDue(s_noon + 3_000);
        Assert.Empty(_driver.TakeChanged());
    }

    [Fact]
    public void CloseDue_SourceThatIsUsuallyLate_IsGivenItsTime()
    {
        for (var i = 0u; i < 50; i++)
            _driver.Feed("a", s_noon + (i * 5), 10, arrived: s_noon + (i * 5) + 120);
        _driver.Windows.CloseDue(s_noon + 300 + 100);
        Assert.Equal(0, _driver.Read("a").Info.KnownSteps);

        _driver.Windows.CloseDue(s_noon + 300 + 130);

        Assert.Equal(1, _driver.Read("a").Info.KnownSteps);
    }

    [Fact]
    public void Apply_SlowerOfTwoSources_HoldsTheBucketOpenUntilItsGrace()
    {
        _driver.Feed("a", s_noon + 10, 10, source: "fast");
        _driver.Feed("a", s_noon + 10, 30, source: "slow");
        _driver.Feed("a", s_noon + 300, 10, source: "fast");
        Assert.Equal(0, _driver.Read("a").Info.KnownSteps);

        _driver.Feed("a", s_noon + 299, 50, source: "slow", arrived: s_noon + 302);
        _driver.Feed("a", s_noon + 300, 50, source: "slow", arrived: s_noon + 303);

        Assert.Equal([30f], _driver.LastCpu("a", 1));
    }

    [Fact]
    public void Apply_SourceThatDied_DoesNotHoldBucketsUp()
    {
        _driver.Feed("a", s_noon, 10, source: "dead");
        for (var i = 0u; i <= 300; i += 5)
            _driver.Feed("a", s_noon + i, 20, source: "live");
        _driver.Feed("a", s_noon + 331, 20, source: "live");

        Assert.Equal(1, _driver.Read("a").Info.KnownSteps);
    }

    [Fact]
    public void Apply_ClockAheadByFourMinutes_KeepsBothSourcesOfTheServer()
    {
        Assert.Equal(Verdict.Accepted, _driver.Feed("a", s_noon + 240, 10, source: "skewed"));
        Assert.Equal(Verdict.Accepted, _driver.Feed("a", s_noon, 20, source: "right"));
        Assert.Equal(Verdict.Accepted, _driver.Feed("a", s_noon + 5, 30));
    }
}
