using System.IO.Compression;
using Tft.Forecasting.Data;

namespace Tft.Tests.Forecasting.Data;

[Trait("Ring", "unit")]
public sealed class SeriesReaderTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("tft-series-");

    public void Dispose() => _folder.Delete(true);

    [Fact]
    public void ReadFolder_GzAndPlain_GivesServersByName()
    {
        Gz("web2", "t,split,fold,label,cpu,mem\n290,train,fit,-1,0.5,0.25\n291,train,eval,0,0.75,\n");
        File.WriteAllText(Path.Combine(_folder.FullName, "web1.csv"), "t,cpu\n3,1\n4,2\n");
        File.WriteAllText(Path.Combine(_folder.FullName, "segments.json"), "{}");

        var servers = SeriesReader.ReadFolder(_folder.FullName);

        Assert.Equal(["web1", "web2"], servers.Select(s => s.Name));
        Assert.Equal(2, servers[0].FitSteps);
        Assert.Equal(["cpu", "mem"], servers[1].MetricNames);
        Assert.Equal(1, servers[1].FitSteps);
        Assert.Equal(2, servers[1].SlotOf(0));
        Assert.Equal(0.75f, servers[1].Values[0][1]);
        Assert.True(float.IsNaN(servers[1].Values[1][1]));
    }

    [Fact]
    public void Read_StepsMissing_AreGaps()
    {
        Gz("a", "t,cpu\n0,1\n3,4\n");

        var series = SeriesReader.ReadFolder(_folder.FullName)[0];

        Assert.Equal([1, float.NaN, float.NaN, 4], series.Values[0]);
    }

    [Theory]
    [InlineData("t,cpu\n0,1\n0,2\n", "line 3: t is 0 after 0")]
    [InlineData("t,cpu\n0,1,2\n", "line 2: 3 cells, expected 2")]
    [InlineData("t,cpu\n0,many\n", "line 2: cpu is 'many'")]
    [InlineData("t,cpu\nx,1\n", "line 2: t is 'x'")]
    [InlineData("time,cpu\n", "the first column is 'time'")]
    [InlineData("t,fold\n", "has no metric")]
    public void Read_Malformed_SaysFileAndLine(string text, string reason)
    {
        Gz("bad", text);

        var error = Assert.Throws<InvalidDataException>(() => SeriesReader.ReadFolder(_folder.FullName));

        Assert.Contains("bad.csv.gz", error.Message, StringComparison.Ordinal);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ReadFolder_ServerAskedForIsAbsent_NamesIt()
    {
        Gz("a", "t,cpu\n0,1\n");

        Assert.Contains("lacks b", Assert.Throws<InvalidDataException>(() => SeriesReader.ReadFolder(_folder.FullName, ["a", "b"])).Message, StringComparison.Ordinal);
    }

    private void Gz(string name, string text)
    {
        using var file = File.Create(Path.Combine(_folder.FullName, name + ".csv.gz"));
        using var gz = new GZipStream(file, CompressionLevel.Fastest);
        using var writer = new StreamWriter(gz);
        writer.Write(text);
    }
}
