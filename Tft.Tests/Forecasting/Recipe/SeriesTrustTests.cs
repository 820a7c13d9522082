using Tft.Forecasting.Recipe.Online;

namespace Tft.Tests.Forecasting.Recipe;

[Trait("Ring", "unit")]
public sealed class SeriesTrustTests
{
    private static readonly float[] s_good = [-1.28f, 0, 1.28f];
    private static readonly float[] s_poor = [1.72f, 3, 4.28f];

    [Fact]
    public void Of_BeforeEnoughOutcomes_BelievesTheNetworks()
    {
        var trust = new SeriesTrust(1);
        Learn(trust, new Random(1), 2, s_poor, s_good);
        Assert.Equal((1f, false), (trust.Of(0), trust.Rejects(0)));
    }

    [Fact]
    public void Of_NetworksThatLose_AreRejectedAndBelievedAgainWhenTheyWin()
    {
        var (trust, random) = (new SeriesTrust(1), new Random(2));
        Learn(trust, random, 24, s_poor, s_good);
        Assert.Equal((0f, true), (trust.Of(0), trust.Rejects(0)));

        // not at once: what it lost is remembered
        var hours = 0;
        while (trust.Rejects(0) && hours++ < 14 * 24)
            Learn(trust, random, 1, s_good, s_poor);
        Assert.InRange(hours, 3, 7 * 24);
        Learn(trust, random, 7 * 24, s_good, s_poor);
        Assert.True(trust.Of(0) > 0.95f);
    }

    [Fact]
    public void Of_NetworksThatWin_AreBelieved()
    {
        var trust = new SeriesTrust(1);
        Learn(trust, new Random(3), 48, s_good, s_poor);
        Assert.True(trust.Of(0) > 0.95f);
    }

    [Fact]
    public void Of_BothMissToOtherSides_MixesThem()
    {
        var trust = new SeriesTrust(1);
        Learn(trust, new Random(4), 200, [-2.28f, -1, 0.28f], [-0.28f, 1, 2.28f]);
        Assert.InRange(trust.Of(0), 0.4f, 0.6f);
    }

    /// <summary>Outcomes by which the trust wanders about the threshold: the label changes far less often than it would at one threshold.</summary>
    [Fact]
    public void Rejects_EvenlyMatched_DoesNotFlap()
    {
        var (trust, random) = (new SeriesTrust(1), new Random(5));
        var (changes, before) = (0, false);
        for (var hour = 0; hour < 90 * 24; hour++)
        {
            Learn(trust, random, 1, [-1.08f, 0.2f, 1.48f], s_good);
            changes += trust.Rejects(0) != before ? 1 : 0;
            before = trust.Rejects(0);
        }

        Assert.InRange(changes, 0, 18);
    }

    [Fact]
    public void Observe_AServerOnWhichNetworksLose_DistrustsAMetricOfWhichLittleCame()
    {
        var (trust, random) = (new SeriesTrust(3), new Random(6));
        float[] losses = new float[3 * SeriesTrust.Mixtures];
        for (var hour = 0; hour < 48; hour++)
        {
            Array.Clear(losses);
            for (var m = 0; m < 3; m++)
                Add(losses.AsSpan(m * SeriesTrust.Mixtures, SeriesTrust.Mixtures), random, m == 2 ? s_good : s_poor, s_good);
            trust.Observe(losses, [4, 4, hour < 12 ? 4 : 0]);
        }

        Assert.True(trust.Rejects(0));
        Assert.True(trust.Of(2) < 0.5f, $"trust {trust.Of(2)}");
    }

    [Fact]
    public void Restore_WhatWasKept_GoesOnWhereItWas()
    {
        var (trust, copy) = (new SeriesTrust(1), new SeriesTrust(1));
        Learn(trust, new Random(7), 30, s_poor, s_good);
        copy.Restore(trust.State);
        Assert.Equal((trust.Of(0), trust.Rejects(0)), (copy.Of(0), copy.Rejects(0)));
        trust.Forget();
        Assert.Equal((1f, false), (trust.Of(0), trust.Rejects(0)));
    }

    [Fact]
    public void Observe_AValueBeyondReason_SpoilsNothing()
    {
        var (trust, random) = (new SeriesTrust(1), new Random(8));
        Learn(trust, random, 24, s_good, s_poor);
        Span<float> losses = stackalloc float[SeriesTrust.Mixtures];
        for (var i = 0; i < 3; i++)
        {
            SeriesTrust.AddLosses(float.MaxValue, s_good, s_poor, losses);
            trust.Observe(losses, [1]);
        }

        Assert.InRange(trust.Of(0), 0, 1);
        Assert.All(trust.State.ToArray(), s => Assert.True(float.IsFinite(s)));
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(-1f)]
    [InlineData(float.PositiveInfinity)]
    public void Restore_NoNumber_IsRefused(float wrong) =>
        Assert.Throws<InvalidDataException>(() => new SeriesTrust(1).Restore([1, 1, 1, wrong, 1, 4, 1]));

    [Fact]
    public void Blend_HalfTrust_IsHalfWay()
    {
        float[] networks = [0, 2, 4];
        SeriesTrust.Blend(0.5f, networks, [2, 3, 8]);
        Assert.Equal([1f, 2.5f, 6f], networks);
        SeriesTrust.Blend(0, networks, [2, 3, 8]);
        Assert.Equal([2f, 3f, 8f], networks);
    }

    /// <summary>Hours with four outcomes each, drawn from the normal distribution that <see cref="s_good"/> describes.</summary>
    private static void Learn(SeriesTrust trust, Random random, int hours, float[] networks, float[] fallback)
    {
        Span<float> losses = stackalloc float[SeriesTrust.Mixtures];
        for (var hour = 0; hour < hours; hour++)
        {
            losses.Clear();
            Add(losses, random, networks, fallback);
            trust.Observe(losses, [4]);
        }
    }

    private static void Add(Span<float> losses, Random random, float[] networks, float[] fallback)
    {
        for (var i = 0; i < 4; i++)
        {
            var noise = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
            SeriesTrust.AddLosses((float)noise, networks, fallback, losses);
        }
    }
}
