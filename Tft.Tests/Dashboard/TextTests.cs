using Tft.Dashboard.Export;
using Tft.Dashboard.Text;

namespace Tft.Tests.Dashboard;

[Trait("Ring", "unit")]
public sealed class TextTests
{
    [Theory]
    [InlineData(0.4, "0 s")]
    [InlineData(59, "59 s")]
    [InlineData(60, "1 min")]
    [InlineData(3_600, "1 h")]
    [InlineData(7_800, "2 h 10 min")]
    [InlineData(200_000, "2 d")]
    public void Span_Any_IsShort(double seconds, string expected) => Assert.Equal(expected, Format.Span(TimeSpan.FromSeconds(seconds)));

    [Theory]
    [InlineData(null, "–")]
    [InlineData(double.NaN, "–")]
    [InlineData(0.005, "0.01 %")]
    [InlineData(12.34, "12.3 %")]
    [InlineData(1234.5, "1,235 %")]
    public void Value_Any_HasNoMoreDigitsThanItDeserves(double? value, string expected) => Assert.Equal(expected, Format.Value(value, "%"));

    [Theory]
    [InlineData(0, "0 %")]
    [InlineData(0.034, "3.4 %")]
    [InlineData(0.756, "76 %")]
    [InlineData(1, "100 %")]
    public void Share_Any_IsAPercentage(double share, string expected) => Assert.Equal(expected, Format.Share(share));

    [Theory]
    [InlineData(29_994, "30,000")]
    [InlineData(0, "0")]
    [InlineData(7.26, "7.3")]
    [InlineData(1_234_567, "1,200,000")]
    [InlineData(double.NaN, "–")]
    public void Rough_Any_HasTwoSignificantDigits(double value, string expected) => Assert.Equal(expected, Format.Rough(value));

    [Fact]
    public void Csv_TextsThatASpreadsheetWouldRun_AreDisarmed()
    {
        var csv = new CsvWriter();
        csv.Text("=HYPERLINK(\"x\")").Text("@a").Text("a,b").Text("plain").Number(-1.5).Number(double.NaN).EndRow();

        Assert.Equal("\"'=HYPERLINK(\"\"x\"\")\",'@a,\"a,b\",plain,-1.5,\r\n", csv.ToString());
    }
}
