using Tft.Forecasting.Data;
using Tft.Forecasting.Recipe.Base;
using Tft.Forecasting.Recipe.Tables;
using Tft.Forecasting.State;

namespace Tft.Tests.State;

/// <summary>What 16 bits a value lose, cost and allocate.</summary>
[Trait("Ring", "unit")]
public sealed class PackedStateTests
{
    private static readonly ServerSeries s_series = WeeksModel.Series(seed: 9, days: 6);
    private static readonly CrossFit s_tables = CrossFit.Build(s_series.Values, s_series.FirstStep, 0, s_series.Steps, 4);

    [Fact]
    public void Tables_ComeBackWithinTheStepOfTheirScale()
    {
        var back = new UnpackedServer(WeeksModel.Model.Recipe).Unpack(PackedTables.Pack(s_tables.All)!, null).Tables;
        for (var m = 0; m < WeeksModel.Metrics; m++)
        {
            var (was, now) = (s_tables.All.Metrics[m], back.Metrics[m]);
            Assert.Equal((was.Mean, was.Deviation, was.Scale, was.Grid), (now.Mean, now.Deviation, now.Scale, now.Grid));
            var range = was.Profile.Location.Max() - was.Profile.Location.Min();
            for (var slot = 0; slot < Protocol.Day; slot++)
                Assert.Equal(was.Profile.Location[slot], now.Profile.Location[slot], range / 120_000);
            Assert.Equal(DayProfile.Smoothed(now.Profile.Location, 3), now.Profile.Smooth);
        }
    }

    [Fact]
    public void State_OfThirteenMetrics_TakesFortyNineKilobytes()
    {
        Assert.Equal(13_546, PackedTables.Size(13));
        Assert.Equal(35_308, PackedCoefficients.Size(13));
    }

    [Fact]
    public void Pack_WhatIsNotFinite_IsRefused()
    {
        var series = PackedCoefficients.Room(2);
        Assert.NotNull(PackedCoefficients.Pack(series));
        series[1].Band[3] = float.NaN;
        Assert.Null(PackedCoefficients.Pack(series));
        series[1].Band[3] = 1e9f;
        Assert.Null(PackedCoefficients.Pack(series));
    }

    [Fact]
    public void Of_AnotherLength_IsRefused() => Assert.Throws<InvalidDataException>(() => PackedTables.Of(new byte[100], 13));

    [Fact]
    public void Unpack_AgainAndAgain_AllocatesLessThanAKilobyte()
    {
        var packed = PackedTables.Pack(s_tables.All)!;
        var coefficients = PackedCoefficients.Pack(PackedCoefficients.Room(WeeksModel.Metrics))!;
        var room = new UnpackedServer(WeeksModel.Model.Recipe);
        room.Unpack(packed, coefficients);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
            room.Unpack(packed, coefficients);
        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) / 100, 0, 1_000);
    }
}
