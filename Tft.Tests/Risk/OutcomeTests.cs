using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Tft.Contract.Metrics;
using Tft.Inference.Risk;
using Tft.Tests.Infrastructure;
using Tft.Tests.Serving;

namespace Tft.Tests.Risk;

[Trait("Ring", "component")]
public sealed class OutcomeTests : IDisposable
{
    private readonly InferenceFixture _service = new();

    private ProbabilityCalibration Calibration => _service.Services.GetRequiredService<ProbabilityCalibration>();

    [Fact]
    public void Tracker_ADayOfOneServer_KnowsWhatCameOfEveryHalfHour()
    {
        var server = _service.Windows.Add("server", 288, _service.LastStep, i => Rows.Calm(i));
        _service.Runner.RunChanged(default);
        for (var i = 0; i < 288; i++)
            Close(server, i == 150 ? 97 : 60);

        // notes at every sixth step; those of the last 6 and 96 steps are open
        Assert.InRange(Calibration.Server30m.Count, 46, 48);
        Assert.InRange(Calibration.Server8h.Count, 31, 33);
        Assert.Equal(1, Calibration.Server30m.Outcomes().Count(o => o.Happened));
        Assert.Equal(16, Calibration.Server8h.Outcomes().Count(o => o.Happened));
        Assert.Equal(1, Calibration.Fleet30m.Outcomes().Count(o => o.Happened));
        Assert.Equal(16, Calibration.Fleet8h.Outcomes().Count(o => o.Happened));
    }

    [Fact]
    public async Task Predict_Below500Outcomes_SaysUncalibratedAndAfterThemCalibrated()
    {
        _service.Windows.Add("server", 288, _service.LastStep, i => Rows.Calm(i, memory: 92));
        _service.Runner.RunChanged(default);
        using var client = _service.Client();
        Assert.Contains("\"calibrated\":false", await client.GetStringAsync("/predict"), StringComparison.Ordinal);
        for (var i = 0; i < 500; i++)
        {
            Calibration.Server30m.Add(i / 500f, happened: false);
            Calibration.Server8h.Add(i / 500f, happened: false);
        }

        Close(0, 92);
        var answer = await client.GetStringAsync("/predict");
        Assert.Contains("\"calibrated\":true", answer, StringComparison.Ordinal);
        Assert.Contains("\"prob_8h\":0,", answer, StringComparison.Ordinal);
    }

    [Fact]
    public void File_AfterARestart_TheOutcomesAreThere()
    {
        using var folder = new TempFolder();
        var calibration = new ProbabilityCalibration();
        for (var i = 0; i < 600; i++)
            calibration.Server8h.Add(i / 600f, happened: i > 300);
        using var file = new OutcomeFile(calibration, folder.Path, TimeProvider.System, NullLogger<OutcomeFile>.Instance);
        file.SaveIfChanged();

        var second = new ProbabilityCalibration();
        using var again = new OutcomeFile(second, folder.Path, TimeProvider.System, NullLogger<OutcomeFile>.Instance);
        again.Load();
        Assert.Equal(600, second.Server8h.Count);
        Assert.Equal(calibration.Within8h(0.4f), second.Within8h(0.4f));
        File.WriteAllText(folder.File(OutcomeFile.Name), "nonsense");
        again.Load();
    }

    public void Dispose() => _service.Dispose();

    private void Close(int server, float memory)
    {
        _service.Clock.Advance(TimeSpan.FromMinutes(5));
        _service.Windows.Close(server, Rows.Calm(0).With(Metric.MemUsed, memory));
        _service.Runner.RunChanged(default);
    }
}
