using System.CommandLine;
using System.Text.Json;
using Tft.Adapters.Simulation;
using Tft.Adapters.Simulation.Training;
using Tft.Inference.Commands;
using Tft.Inference.Incidents;
using Tft.Tests.Infrastructure;
using Tft.Tests.Models;

namespace Tft.Tests.Incidents;

[Trait("Ring", "component")]
public sealed class EvaluateIncidentsTests : IDisposable
{
    private readonly TempFolder _folder = new();

    [Fact]
    public void Run_SimulatedFolder_ReportsTheForecastersBesideEachOther()
    {
        var data = _folder.File("data");
        TrainingSet.Write(data, new SimulatedFleetOptions { Seed = 3, Servers = 3, IncidentsPerSlot = 1 }, new DateTimeOffset(2026, 10, 20, 0, 0, 0, TimeSpan.Zero), 60);
        var (json, drawing) = (_folder.File("report.json"), _folder.File("sweep.svg"));
        var (code, output, _) = Run("--model", TinyModel.Save(_folder.Path, "tft_model_20261121_000000"), "--data", data, "--every", "12", "--json", json, "--svg", drawing);
        Assert.Equal(0, code);
        Assert.Contains("tft_model_20261121_000000, 3 servers", output, StringComparison.Ordinal);

        var report = JsonSerializer.Deserialize(File.ReadAllText(json), IncidentJson.Default.IncidentReport)!;
        Assert.Equal(14, report.Rows.Count);
        var incidents = TrueIncident.Read(data);
        foreach (var row in report.Rows)
        {
            Assert.InRange(row.Quiet.ServerDays, 0.05, 9);
            Assert.InRange(row.Kinds.Sum(k => k.Incidents), 1, incidents.Count);
            Assert.All(row.Kinds, k => Assert.True(k.Warned <= k.Incidents && k.Stood <= k.Warned && k.LeadQ1 is null == (k.Warned == 0)));
        }

        var service = report.Service!;
        Assert.Equal(16, service.Rows.Count);
        foreach (var of in service.Rows.GroupBy(r => (r.Forecaster, r.Level)))
        {
            var alert = of.Single(r => r.Source == "alert");
            Assert.Equal(alert.Quiet.FalseAlarms, of.Single(r => r.Source == "measuredalert").Quiet.FalseAlarms + of.Single(r => r.Source == "forecastalert").Quiet.FalseAlarms);
            Assert.All(of, r => Assert.True(r.CameTrue <= r.Announced && r.News <= r.Kinds.Sum(k => k.Warned)));
        }

        Assert.Equal(2 * AlertSweep.Rules.Count, service.Sweep.Count);
        // a higher threshold never stands longer
        foreach (var curve in service.Sweep.GroupBy(r => (r.Forecaster, r.Level, r.WithinMinutes, r.Hits, r.Of, r.Stable)))
            Assert.All(curve.Zip(curve.Skip(1)), pair => Assert.True(pair.Second.Threshold > pair.First.Threshold && pair.Second.AlarmedShare <= pair.First.AlarmedShare));
        Assert.Contains("<polyline", File.ReadAllText(drawing), StringComparison.Ordinal);

        // the median is inside the band: what it sees, the band sees no later
        foreach (var upper in report.Rows.Where(r => r.Source == "p90"))
        {
            var middle = report.Rows.Single(r => r.Source == "p50" && r.Level == upper.Level && r.Forecaster == upper.Forecaster);
            Assert.All(middle.Kinds.Zip(upper.Kinds), pair => Assert.True(pair.First.Warned <= pair.Second.Warned));
        }
    }

    [Fact]
    public void Run_ServersThatNobodyLabelled_CountsEveryAlertAsFalse()
    {
        var data = _folder.File("data");
        TrainingSet.Write(data, new SimulatedFleetOptions { Seed = 3, Servers = 2, IncidentsPerSlot = 1 }, new DateTimeOffset(2026, 10, 20, 0, 0, 0, TimeSpan.Zero), 30);
        File.Delete(Path.Combine(data, TrueIncident.FileName));
        var json = _folder.File("report.json");
        var model = TinyModel.Save(_folder.Path, "tft_model_20261121_000000");
        var (code, output, _) = Run("--model", model, "--data", data, "--every", "48", "--json", json, "--no-incidents");
        Assert.Equal(0, code);
        Assert.Contains("As in service", output, StringComparison.Ordinal);
        var report = JsonSerializer.Deserialize(File.ReadAllText(json), IncidentJson.Default.IncidentReport)!;
        Assert.All(report.Service!.Rows, r => Assert.Equal((0.5, 0), (Math.Round(r.Quiet.ServerDays, 1), r.News)));
        Assert.Empty(report.Service.Sweep);

        Assert.Equal(0, Run("--model", model, "--data", data, "--every", "48", "--json", json, "--no-incidents", "--origins-only").Code);
        Assert.Null(JsonSerializer.Deserialize(File.ReadAllText(json), IncidentJson.Default.IncidentReport)!.Service);
    }

    [Fact]
    public void Run_SweepWithoutTheService_IsRefused()
    {
        var (code, _, error) = Run("--data", _folder.Path, "--origins-only", "--sweep");
        Assert.NotEqual(0, code);
        Assert.Contains("--origins-only", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_IncidentsThatAreNone_SaysWhatIsWrong()
    {
        File.WriteAllText(_folder.File(TrueIncident.FileName), "[{\"server_name\":\"a\"}]");
        var (code, _, error) = Run("--model", TinyModel.Save(_folder.Path, "tft_model_20261121_000000"), "--data", _folder.Path);
        Assert.Equal(1, code);
        Assert.Contains(TrueIncident.FileName, error, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private static (int Code, string Output, string Error) Run(params string[] arguments)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var code = EvaluateIncidentsCommand.Create().Parse(arguments).Invoke(new InvocationConfiguration { Output = output, Error = error });
        return (code, output.ToString(), error.ToString());
    }
}
