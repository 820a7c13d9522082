using Tft.Contract.Metrics;
using Tft.Inference.LongHistory;
using Tft.Inference.Windows;

namespace Tft.Tests.LongHistory;

/// <summary>What 72 values of a metric cost on disk, and what comes back.</summary>
[Trait("Ring", "unit")]
public sealed class ChunkColumnTests
{
    [Fact]
    public void Write_ValuesWithTwoDecimals_ComeBackToTheBit()
    {
        var random = new Random(1);
        float[] values = [.. Enumerable.Range(0, 72).Select(_ => (float)Math.Round(random.NextDouble() * 100, 2))];
        Assert.Equal(values, RoundTrip(values, out var bytes));
        Assert.Equal(ChunkColumn.MostBytes, bytes);
    }

    [Fact]
    public void Write_MeansOfManySamples_AreOffByLessThanAThousandthOfAPercent()
    {
        var random = new Random(2);
        float[] values = [.. Enumerable.Range(0, 72).Select(_ => (float)(random.NextDouble() * 100))];
        var back = RoundTrip(values, out _);
        var range = values.Max() - values.Min();
        Assert.All(values.Zip(back), pair => Assert.InRange(Math.Abs(pair.First - pair.Second), 0, range / 131_000));
        Assert.NotEqual(values, back);
    }

    [Fact]
    public void Write_GapsAndCounts_StayWhatTheyAre()
    {
        float[] values = [.. Enumerable.Range(0, 72).Select(i => i % 7 == 0 ? float.NaN : i * 900)];
        Assert.Equal(values, RoundTrip(values, out _));
    }

    [Theory]
    [InlineData(float.NaN, 1)]
    [InlineData(45.53f, 5)]
    [InlineData(1e30f, 5)]
    public void Write_OneValueAllTheTime_TakesNextToNothing(float value, int expected)
    {
        float[] values = [.. Enumerable.Repeat(value, 72)];
        Assert.Equal(values, RoundTrip(values, out var bytes));
        Assert.Equal(expected, bytes);
    }

    [Fact]
    public void Write_OneValueWithGaps_KeepsBoth()
    {
        float[] values = [.. Enumerable.Range(0, 72).Select(i => i < 40 ? 3.1415927f : float.NaN)];
        Assert.Equal(values, RoundTrip(values, out _));
    }

    [Fact]
    public void Read_AKindThatIsNone_IsRefused() =>
        Assert.Throws<InvalidDataException>(() => ChunkColumn.Read([9, 0, 0], new float[IPastSteps.Steps]));

    private static float[] RoundTrip(float[] values, out int bytes)
    {
        const int metric = 5;
        var rows = new float[72 * MetricCatalog.Count];
        for (var i = 0; i < values.Length; i++)
            rows[(i * MetricCatalog.Count) + metric] = values[i];
        var packed = new byte[ChunkColumn.MostBytes];
        bytes = ChunkColumn.Write(rows, metric, packed);
        var back = new float[72];
        Assert.Equal(bytes, ChunkColumn.Read(packed.AsSpan(0, bytes), back));
        return back;
    }
}
