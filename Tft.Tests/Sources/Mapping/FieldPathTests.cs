using System.Text.Json;
using Tft.Adapters.Mapping;

namespace Tft.Tests.Sources.Mapping;

/// <summary>A value found in a row, whatever its shape, and a time read from it.</summary>
[Trait("Ring", "unit")]
public sealed class FieldPathTests
{
    [Theory]
    [InlineData("""{"a": {"b": {"c": 5}}}""", "a.b.c", "5")]
    [InlineData("""{"a.b": {"c": 5}}""", "a.b.c", "5")]
    [InlineData("""{"a.b.c": 5}""", "a.b.c", "5")]
    [InlineData("""{"a": {"x": 1}, "a.b": {"c": 7}}""", "a.b.c", "7")]
    [InlineData("""{"metrics": [{"value": 3}, {"value": 4}]}""", "metrics[1].value", "4")]
    [InlineData("""{"a": [[1, 2], [3, 9]]}""", "a[1][1]", "9")]
    [InlineData("""{"a": "text"}""", "a", "text")]
    public void Find_AnyShape_IsFound(string json, string path, string expected)
    {
        Assert.True(Row(json).TryGet(FieldPath.Parse(path), out var cell));
        Assert.Equal(expected, cell.ToString());
    }

    [Theory]
    [InlineData("""{"a": {"b": null}}""", "a.b")]
    [InlineData("""{"a": 5}""", "a.b")]
    [InlineData("""{"a": [1]}""", "a[1]")]
    [InlineData("""{"a": {"b": 1}}""", "a[0]")]
    [InlineData("{}", "a")]
    public void Find_NothingThere_IsMissing(string json, string path) => Assert.False(Row(json).TryGet(FieldPath.Parse(path), out _));

    [Theory]
    [InlineData("")]
    [InlineData("a..b")]
    [InlineData("a[x]")]
    [InlineData("a[-1]")]
    [InlineData("a[1")]
    public void Parse_NoPath_IsAnError(string path) => Assert.Throws<FormatException>(() => FieldPath.Parse(path));

    [Theory]
    [InlineData("2026-03-02T08:00:00Z")]
    [InlineData("2026-03-02T08:00:00")]
    [InlineData("2026-03-02 08:00:00")]
    [InlineData("2026-03-02T10:00:00+02:00")]
    [InlineData("2026-03-02T08:00:00.000000000Z")]
    [InlineData("1772438400")]
    [InlineData("1772438400000")]
    [InlineData("1772438400000000")]
    [InlineData("1772438400000000000")]
    public void TryRead_TimeAsStoresWriteIt_IsTheSameInstant(string text)
    {
        Assert.True(Times.TryRead(Cell.Of(text), out var time));
        Assert.Equal(new DateTimeOffset(2026, 3, 2, 8, 0, 0, TimeSpan.Zero), time);
    }

    [Theory]
    [InlineData("yesterday")]
    [InlineData("")]
    [InlineData("NaN")]
    [InlineData("-5")]
    [InlineData("1e300")]
    public void TryRead_NoTime_IsFalse(string text) => Assert.False(Times.TryRead(Cell.Of(text), out _));

    private static JsonRow Row(string json) => new(JsonDocument.Parse(json).RootElement, "row 1");
}
