using System.CommandLine;
using Tft.Forecasting.Models;
using Tft.Forecasting.Recipe.Bands;
using Tft.Inference.Commands;
using Tft.Inference.Commands.Train;
using Tft.Tests.Forecasting.Data;
using Tft.Tests.Infrastructure;

namespace Tft.Tests.Commands;

/// <summary><c>calibrate</c>: the factors on the bands anew, and nothing else.</summary>
[Trait("Ring", "component")]
public sealed class CalibrateTests : IDisposable
{
    private readonly TempFolder _folder = new();

    [Fact]
    public async Task Calibrate_TheDataOfTheTraining_GivesItsFactorsBack()
    {
        SeriesFiles.WriteCsv(_folder.File("data"), SyntheticSeries.Create(21, metrics: 2, days: 10, fitDays: 8));
        Assert.Equal(0, (await RunAsync(TrainCommand.Create(), "--data", "data", "--out", "trained", "--networks", "1", "--hidden", "4", "--steps", "5", "--batch", "4")).Code);
        var trained = Model("trained");
        ModelFolder.Save(_folder.File("one"), trained with { Config = trained.Config with { BandScales = BandScales.One } });

        var (code, output) = await RunAsync(CalibrateCommand.Create(), "--model", "one", "--data", "data", "--out", "again");

        Assert.True(code == 0, output);
        Assert.Contains("newcomers, base alone:", output, StringComparison.Ordinal);
        var again = Model("again");
        Assert.Equal(trained.Config.BandScale, again.Config.BandScale);
        Assert.Equal(trained.Config.BandScaleBase, again.Config.BandScaleBase);
        Assert.Equal(trained.Config.BandScaleNewcomer, again.Config.BandScaleNewcomer);
        Assert.Equal(trained.Config.BandScaleNewcomerBase, again.Config.BandScaleNewcomerBase);
        Assert.Contains(again.Config.BandScale, f => f != 1);
        Assert.Equal(trained.Networks[0].Data, again.Networks[0].Data);
        Assert.Equal(trained.Info.Evaluation!.Rows["all"], again.Info.Evaluation!.Rows["all"]);
    }

    [Fact]
    public async Task Calibrate_OtherDataOrATakenPlace_AreSaid()
    {
        SeriesFiles.WriteCsv(_folder.File("data"), SyntheticSeries.Create(21, metrics: 1, days: 7, fitDays: 6));
        SeriesFiles.WriteCsv(_folder.File("other"), SyntheticSeries.Create(22, metrics: 1, days: 7, fitDays: 6));
        Assert.Equal(0, (await RunAsync(TrainCommand.Create(), "--data", "data", "--out", "trained", "--networks", "0")).Code);

        Assert.Contains("The data are others than the model was trained on", (await RunAsync(CalibrateCommand.Create(), "--model", "trained", "--data", "other", "--out", "new")).Output, StringComparison.Ordinal);
        var (code, output) = await RunAsync(CalibrateCommand.Create(), "--model", "trained", "--data", "data", "--out", "new");
        Assert.Equal(1, code);
        Assert.Contains("is there already", output, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private ForecastModel Model(string name) => ModelFolders.Load(_folder.File(name));

    private async Task<(int Code, string Output)> RunAsync(Command command, params string[] arguments)
    {
        var output = new StringWriter();
        string[] paths = ["--data", "--out", "--model"];
        string[] whole = [.. arguments.Select((a, i) => i > 0 && paths.Contains(arguments[i - 1]) ? _folder.File(a) : a)];
        var code = await command.Parse(whole).InvokeAsync(new InvocationConfiguration { Output = output, Error = output });
        return (code, output.ToString());
    }
}
