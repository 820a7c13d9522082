using Tft.Contract.Metrics;
using Tft.Forecasting.Models;
using Tft.Forecasting.Recipe.Online;
using Tft.Inference.Forecasts;
using Tft.Inference.Forecasts.Online;
using Tft.Inference.Windows;

namespace Tft.Tests.Forecasts;

/// <summary>A followed server step by step: a recipe that always says 50 +- 1, and what came.</summary>
[Trait("Ring", "unit")]
public sealed class FollowedServerTests
{
    private const int Cpu = (int)Metric.CpuUser;
    private readonly FollowedServer _server = new("server", phase: 0);
    private readonly float[] _window = [.. Enumerable.Repeat(float.NaN, ForecastShape.WindowValues)];
    private readonly float[] _quantiles = new float[ForecastShape.PerServer];
    private readonly float[] _series = new float[ForecastShape.Steps * 3];
    private readonly Random _random = new(9);
    private long _step = 1_000_000;
    private int _lost;

    [Fact]
    public void Begin_BandsThatAreTooNarrow_AreCoveringAgainAndNeverCross()
    {
        var (early, late) = (0.0, 0.0);
        for (var day = 0; day < 8; day++)
        {
            var covered = 0;
            for (var i = 0; i < 288; i++)
            {
                Step(Normal(50, 1.8f));
                for (var lead = 0; lead < ForecastShape.Steps; lead++)
                    Assert.True(_series[lead * 3] <= _series[(lead * 3) + 1] && _series[(lead * 3) + 1] <= _series[(lead * 3) + 2]);
                var drawn = Normal(50, 1.8f);
                covered += drawn >= _series[15] && drawn <= _series[17] ? 1 : 0;
            }

            (early, late) = (day == 0 ? covered / 288.0 : early, covered / 288.0);
        }

        Assert.InRange(early, 0.40, 0.70);
        Assert.InRange(late, 0.74, 0.86);
    }

    [Fact]
    public void Begin_NothingMeasured_LearnsNothing()
    {
        for (var i = 0; i < 300; i++)
            Step(float.NaN);
        Assert.All(_server.Scales.LogScales.ToArray(), s => Assert.Equal(0, s));
        Assert.Equal(1, _server.Trust.Of(Cpu));
    }

    /// <summary>A target is judged three steps after its bucket closed, when a late record may have renewed it: what counts is the renewed value.</summary>
    [Fact]
    public void Begin_AValueThatComesLate_IsTheOneThatCounts()
    {
        var until = _step + 400;
        while (_step < until)
        {
            Step(90);
            // the bucket before the last is renewed: the value was inside after all
            _window[((ForecastShape.WindowValues / ForecastShape.Metrics) - 2) * ForecastShape.Metrics + Cpu] = 50;
        }

        Assert.All(_server.Scales.LogScales.ToArray(), s => Assert.True(s <= 0));
        Assert.Contains(_server.Scales.LogScales.ToArray(), s => s < 0);
    }

    [Fact]
    public void Begin_AGapLongerThanTheWindow_GivesUpWhatWaitsAndGoesOn()
    {
        for (var i = 0; i < 100; i++)
            Step(50);
        _step += 5000;
        _window.AsSpan().Fill(float.NaN);
        Step(50);
        Assert.True(_lost >= 8, $"lost {_lost}");
        var before = _server.Scales.LogScales.ToArray();
        for (var i = 0; i < 100; i++)
            Step(90);
        Assert.NotEqual(before, _server.Scales.LogScales.ToArray());
    }

    [Fact]
    public void Begin_AClockThatWasAhead_BeginsToFollowAnew()
    {
        for (var i = 0; i < 100; i++)
            Step(50);
        _step -= 10_000;
        _window.AsSpan().Fill(float.NaN);
        var before = _server.Scales.LogScales.ToArray();
        for (var i = 0; i < 100; i++)
            Step(90);
        Assert.Equal(_step - 1, _server.LastStep);
        Assert.NotEqual(before, _server.Scales.LogScales.ToArray());
    }

    /// <summary>A source that skips steps may never close the step at which a server has its turn: the next one is taken.</summary>
    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(13)]
    public void Begin_StepsThatAreSkipped_StillLearns(int stride)
    {
        for (var i = 0; i < 300; i++)
            Step(90, stride);
        Assert.Contains(_server.Scales.LogScales.ToArray(), s => s > 0.5f);
    }

    [Fact]
    public void End_FromTheRulesToTheRecipe_ForgetsWhatTheRulesBandsTaught()
    {
        for (var i = 0; i < 300; i++)
            Step(90, recipe: false);
        Assert.True(_server.Scales.LogScales[^14] > 0.3f);
        Step(90);
        Assert.Equal(51, _series[17]);
        // what the rules said of the hours ahead is not held against the recipe
        for (var i = 0; i < 8; i++)
            Step(90);
        Assert.Equal(51, _series[17]);
    }

    [Fact]
    public void Begin_NetworksThatLose_AreRejectedAndAcceptedAgain()
    {
        for (var i = 0; i < 600; i++)
            Step(Normal(50, 0.8f), shift: 5);
        Assert.True(_server.Rejected.Has(Metric.CpuUser));
        Assert.Equal(50, _series[16], 3);
        for (var i = 0; i < 2000; i++)
            Step(Normal(55, 0.8f), shift: 5);
        Assert.False(_server.Rejected.Has(Metric.CpuUser));
        Assert.Equal(55, _series[16], 0.5f);
    }

    /// <summary>Following costs nothing to the collector once a server is known.</summary>
    [Fact]
    public void Begin_OverADay_AllocatesNothing()
    {
        for (var i = 0; i < 300; i++)
            Step(Normal(50, 1));
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 300; i++)
            Step(Normal(50, 1));
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    /// <summary>A recipe that is far off where yesterday's value is right: within a day yesterday's value is served, with a band of its own errors, and it is said.</summary>
    [Fact]
    public void Serve_YesterdayIsRight_IsServedWithItsOwnBandAndComesBackAfterARestart()
    {
        while (_step < 1_000_288)
            Step(Normal(60, 0.1f), shift: 1, yesterday: 60);
        Assert.True(_server.Rejected.Has(Metric.CpuUser));
        Assert.Equal(0, _server.NetworksShare(Cpu));
        Assert.InRange(_series[16], 59.5f, 60.1f);
        Assert.InRange(_series[17] - _series[15], 0.05f, 1.5f);

        var again = new FollowedServer("server", phase: 0);
        KeptServer.Of(_server).CopyTo(again);
        Assert.Equal(_server.OverYesterday.Of(Cpu), again.OverYesterday.Of(Cpu));

        // another recipe is believed until it loses
        _server.ForgetNetworks();
        Assert.Equal((default, 1), (_server.Rejected, _server.NetworksShare(Cpu)));
    }

    [Fact]
    public void Serve_YesterdayIsWrong_TheRecipeIsServed()
    {
        while (_step < 1_000_600)
            Step(Normal(50, 0.8f), yesterday: 53);
        Assert.InRange(_server.OverYesterday.Of(Cpu), 0.98f, 1);
        Assert.InRange(_series[16], 49.9f, 50.1f);
    }

    /// <summary>A newcomer's bands may be far off and are followed fast; those of a server with a state are about right.</summary>
    [Theory]
    [InlineData(true, OnlineConformal.NewcomerRate)]
    [InlineData(false, OnlineConformal.WeeksRate)]
    public void Serve_ByWhatIsKnownOfAServer_FollowsAtItsRate(bool isNewcomer, double rate)
    {
        for (var i = 0; i < 96; i++)
            Step(90, isNewcomer: isNewcomer);

        Assert.Equal(7 * (1 - OnlineConformal.Target) * rate, _server.Scales.LogScales.ToArray().Max(), 4);
    }

    private void Step(float value, int stride = 1, bool recipe = true, float shift = 0, float yesterday = -1000, bool isNewcomer = true)
    {
        for (var i = 0; i < stride; i++)
        {
            _window.AsSpan(ForecastShape.Metrics).CopyTo(_window);
            _window.AsSpan(ForecastShape.WindowValues - ForecastShape.Metrics).Fill(float.NaN);
        }

        _window[ForecastShape.WindowValues - ForecastShape.Metrics + Cpu] = value;
        _lost += _server.Begin(new WindowInfo(_step, 288, 288), _window).Lost;
        _step += stride;
        Span<float> networks = stackalloc float[ForecastShape.Steps * 3], fallback = stackalloc float[ForecastShape.Steps * 3], before = stackalloc float[ForecastShape.Steps];
        before.Fill(yesterday);
        for (var i = 0; i < networks.Length; i++)
        {
            fallback[i] = 49 + (i % 3);
            networks[i] = fallback[i] + shift;
        }

        _quantiles.AsSpan().Fill(float.NaN);
        if (recipe)
            _server.Serve(Metric.CpuUser, new RawForecast(networks, fallback, before, 0, isNewcomer), hasNetworks: true, _series);
        else
            fallback.CopyTo(_series);
        for (var lead = 0; lead < ForecastShape.Steps; lead++)
            _series.AsSpan(lead * 3, 3).CopyTo(_quantiles.AsSpan(ForecastShape.At(lead, Cpu)));
        _lost += _server.End(_quantiles);
    }

    private float Normal(float mean, float deviation) =>
        mean + (deviation * (float)(Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble())) * Math.Cos(2 * Math.PI * _random.NextDouble())));
}
