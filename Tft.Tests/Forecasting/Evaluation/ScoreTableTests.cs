using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using System.Text.Json;
using Tft.Forecasting.Baselines;
using Tft.Forecasting.Data;
using Tft.Forecasting.Evaluation;
using Tft.Tests.Forecasting.Data;
using Tft.Tests.Infrastructure;
using Xunit.Abstractions;

namespace Tft.Tests.Forecasting.Evaluation;

[Trait("Ring", "unit")]
public sealed class ScoreTableTests(ITestOutputHelper output)
{
    [Fact]
    public void Of_SeasonalNaiveItself_IsOneAtEveryLead()
    {
        var series = SyntheticSeries.Create(1);
        var score = ServerScore.Of(series, SeasonalNaive.Forecast(series, Protocol.Origins(series.Steps, series.FitSteps)));

        var table = ScoreTable.Of([score]);

        Assert.Equal(3, table.Metrics);
        Assert.All(table.Rows.Values, row => Assert.Equal(1, row.RelQl, 12));
        Assert.All(table.Rows.Values, row => Assert.InRange(row.Cover80, 0.7, 0.95));
    }

    [Fact]
    public void Of_GapsInTheTargets_AreLeftOut()
    {
        var series = SyntheticSeries.Create(2, gaps: 0.1);
        var origins = Protocol.Origins(series.Steps, series.FitSteps);
        var forecast = SeasonalNaive.Forecast(series, origins);

        var score = ServerScore.Of(series, forecast);

        var measured = origins.Count(o => float.IsFinite(series.Values[0][o + 1]));
        Assert.True(measured < origins.Length);
        Assert.Equal(measured, score.Forecast[0, 0].Count);
        Assert.True(double.IsFinite(ScoreTable.Of([score]).Rows["all"].RelQl));
    }

    [Fact]
    public void Add_KnownErrors_SumPinballCoverageAndWidth()
    {
        var sums = default(ScoreSums);

        sums.Add(2, [1, 1.5f, 4]);
        sums.Add(5, [1, 1.5f, 4]);
        sums.Add(double.NaN, [1, 1.5f, 4]);

        // by hand: .1*1 + .5*.5 + .1*2 and .1*4 + .5*3.5 + .9*1
        Assert.Equal(0.55 + 3.05, sums.Pinball, 9);
        Assert.Equal(4, sums.AbsoluteError, 9);
        Assert.Equal((1, 6, 2), (sums.Covered, sums.Width, sums.Count));
    }

    [Fact]
    public void Set_CrossingQuantiles_AreSorted()
    {
        var forecast = new QuantileForecast(1, 1);

        forecast.Set(0, 0, 0, 3, 2, 1);

        Assert.Equal([1, 2, 3], forecast.At(0, 0, 0).ToArray());
    }

    [Fact]
    public void Of_ForecastOfAnotherShapeOrNotFinite_IsRefused()
    {
        var series = SyntheticSeries.Create(3);
        var origins = Protocol.Origins(series.Steps, series.FitSteps).Length;
        var broken = new QuantileForecast(origins, 3);
        broken.Values[5] = float.NaN;

        Assert.Contains("expected", Assert.Throws<InvalidDataException>(() => ServerScore.Of(series, new QuantileForecast(1, 3))).Message, StringComparison.Ordinal);
        Assert.Contains("NaN", Assert.Throws<InvalidDataException>(() => ServerScore.Of(series, broken)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_SameForecastFiles_AgreesWithTheReferenceScript()
    {
        var script = Find("../shared/evaluation/score.py");
        if (script is null || !File.Exists("/usr/bin/python3"))
        {
            output.WriteLine("Left out: the reference script or /usr/bin/python3 is not on this machine.");
            return;
        }

        var folder = Directory.CreateTempSubdirectory("tft-score-").FullName;
        try
        {
            var scores = new List<ServerScore>();
            foreach (var seed in (int[])[11, 12])
            {
                var series = SyntheticSeries.Create(seed);
                Write(series, Path.Combine(folder, series.Name + ".csv.gz"));
                var forecast = SeasonalNaive.Forecast(series, Protocol.Origins(series.Steps, series.FitSteps));
                for (var i = 0; i < forecast.Values.Length; i++)
                    forecast.Values[i] += 0.01f * MathF.Sin(i);
                ForecastFile.Write(Path.Combine(folder, series.Name + ".safetensors"), forecast);
                scores.Add(ServerScore.Of(series, ForecastFile.Read(Path.Combine(folder, series.Name + ".safetensors"))));
            }

            var json = Path.Combine(folder, "table.json");
            if (!Run(script, folder, json))
                return;

            using var expected = JsonDocument.Parse(File.ReadAllText(json));
            using var actual = JsonDocument.Parse(ScoreTable.Of(scores).ToJson());
            Assert.Equal(expected.RootElement.GetProperty("crossed").GetInt32(), actual.RootElement.GetProperty("crossed").GetInt32());
            foreach (var lead in expected.RootElement.GetProperty("table").EnumerateObject())
            {
                foreach (var figure in lead.Value.EnumerateObject())
                    Assert.Equal(figure.Value.GetDouble(), actual.RootElement.GetProperty("table").GetProperty(lead.Name).GetProperty(figure.Name).GetDouble(), 5e-4);
            }
        }
        finally
        {
            Directory.Delete(folder, true);
        }
    }

    private bool Run(string script, string folder, string json)
    {
        using var python = Process.Start(new ProcessStartInfo("/usr/bin/python3", [script, folder, folder, "--json", json])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        })!;
        Assert.True(python.WaitForExit(Eventually.Long), "the reference script did not finish");
        var error = python.StandardError.ReadToEnd();
        if (error.Contains("No module named 'numpy'", StringComparison.Ordinal))
        {
            output.WriteLine("Left out: numpy is not on this machine.");
            return false;
        }

        Assert.True(python.ExitCode == 0, error);
        return true;
    }

    private static string? Find(string relative)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Tft.sln")))
                return File.Exists(Path.Combine(folder.FullName, relative)) ? Path.GetFullPath(Path.Combine(folder.FullName, relative)) : null;
        }

        return null;
    }

    private static void Write(ServerSeries series, string path)
    {
        using var gz = new GZipStream(File.Create(path), CompressionLevel.Fastest);
        using var writer = new StreamWriter(gz) { NewLine = "\n" };
        writer.WriteLine("t,split,fold,label," + string.Join(',', series.MetricNames));
        for (var t = 0; t < series.Steps; t++)
        {
            writer.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{series.FirstStep + t},train,{(t < series.FitSteps ? "fit" : "eval")},0,{string.Join(',', series.Values.Select(v => v[t].ToString("R", CultureInfo.InvariantCulture)))}"));
        }
    }
}
