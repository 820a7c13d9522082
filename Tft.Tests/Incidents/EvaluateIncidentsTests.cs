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
        TrainingSet.Write(data, new SimulatedFleetOptions { Seed = 3, Servers = 3, IncidentsPerSlot = 1 }, new DateTimeOffset(2026, 10, 20, 0, 0, 0, TimeSpan.Zero), 96);
        var json = _folder.File("report.json");
        var (code, output, _) = Run("--model", TinyModel.Save(_folder.Path, "tft_model_20261121_000000"), "--data", data, "--every", "12", "--json", json);
        Assert.Equal(0, code);
        Assert.Contains("tft_model_20261121_000000, 3 servers", output, StringComparison.Ordinal);

        var report = JsonSerializer.Deserialize(File.ReadAllText(json), IncidentJson.Default.IncidentReport)!;
        Assert.Equal(14, report.Rows.Count);
        var incidents = TrueIncident.Read(data);
        foreach (var row in report.Rows)
        {
            Assert.InRange(row.Quiet.ServerDays, 0.1, 9);
            Assert.InRange(row.Kinds.Sum(k => k.Incidents), 1, incidents.Count);
            Assert.All(row.Kinds, k => Assert.True(k.Warned <= k.Incidents && k.Stood <= k.Warned && k.LeadQ1 is null == (k.Warned == 0)));
        }

        // the median is inside the band: what it sees, the band sees no later
        foreach (var upper in report.Rows.Where(r => r.Source == "p90"))
        {
            var middle = report.Rows.Single(r => r.Source == "p50" && r.Level == upper.Level && r.Forecaster == upper.Forecaster);
            Assert.All(middle.Kinds.Zip(upper.Kinds), pair => Assert.True(pair.First.Warned <= pair.Second.Warned));
        }
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
