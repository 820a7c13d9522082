using Tft.Inference.Risk;

namespace Tft.Tests.Risk;

[Trait("Ring", "unit")]
public sealed class IsotonicMapTests
{
    [Fact]
    public void Fit_ViolatingNeighbours_ArePooledToTheirMean()
    {
        var map = IsotonicMap.Fit([0.1f, 0.2f, 0.3f, 0.4f], [false, true, false, true]);
        Assert.Equal(0, map.Map(0.05f));
        Assert.Equal(0.5f, map.Map(0.25f), 5);
        Assert.Equal(1, map.Map(0.4f));
    }

    [Fact]
    public void Map_OverconfidentForecasts_BecomeTheShareThatHappened()
    {
        var random = new Random(7);
        var scores = new float[4000];
        var happened = new bool[4000];
        for (var i = 0; i < scores.Length; i++)
        {
            scores[i] = random.NextSingle();
            happened[i] = random.NextSingle() < scores[i] * scores[i];
        }

        var map = IsotonicMap.Fit(scores, happened);
        foreach (var score in (float[])[0.2f, 0.5f, 0.8f])
            Assert.InRange(map.Map(score), (score * score) - 0.07f, (score * score) + 0.07f);
    }

    [Fact]
    public void Map_RisingScores_NeverFalls()
    {
        var random = new Random(3);
        float[] scores = [.. Enumerable.Range(0, 700).Select(_ => random.NextSingle())];
        bool[] happened = [.. scores.Select(s => random.NextSingle() < s)];
        var map = IsotonicMap.Fit(scores, happened);
        var last = 0f;
        for (var score = 0f; score <= 1; score += 0.001f)
        {
            Assert.InRange(map.Map(score), last, 1);
            last = map.Map(score);
        }
    }

    [Fact]
    public void Store_Below500Outcomes_IsTheIdentityAndSaysSo()
    {
        var store = new OutcomeStore();
        for (var i = 0; i < 499; i++)
            store.Add(0.9f, happened: false);
        Assert.False(store.IsCalibrated);
        Assert.Equal(0.9f, store.Map(0.9f));
        store.Add(0.9f, happened: false);
        Assert.True(store.IsCalibrated);
        Assert.Equal(0, store.Map(0.9f));
    }
}
