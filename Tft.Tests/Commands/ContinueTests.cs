using System.CommandLine;
using Tft.Forecasting.Data;
using Tft.Forecasting.Models;
using Tft.Forecasting.Recipe;
using Tft.Inference.Commands;
using Tft.Inference.Commands.Train;
using Tft.Tests.Forecasting.Data;
using Tft.Tests.Infrastructure;
using Tft.Tests.Models;

namespace Tft.Tests.Commands;

/// <summary><c>train --from</c>: a model goes on learning from what it has not seen.</summary>
[Trait("Ring", "component")]
public sealed class ContinueTests : IDisposable
{
    private const string First = "tft_model_20260101_000000";
    private const string Second = "tft_model_20260102_000000";
    private static readonly ServerSeries s_long = SyntheticSeries.Create(21, metrics: 1, days: 11, fitDays: 9);

    private readonly TempFolder _folder = new();

    [Fact]
    public async Task From_DataThatGoFurther_ContinuesTheNetworksAndSaysWhereItComesFrom()
    {
        SeriesFiles.WriteCsv(_folder.File("old"), Cut(6, fitDays: 5));
        SeriesFiles.WriteCsv(_folder.File("new"), s_long);
        Assert.Equal(0, (await TrainAsync("old", First)).Code);
        var parent = Model(First);
        Assert.Equal((5.0, s_long.FirstStep + (5 * Protocol.Day) - 1), (parent.Info.ServerDays!.Value, parent.Info.FitUntilStep!.Value));

        var (code, output) = await TrainAsync("new", Second, "--from", _folder.File(First));

        Assert.True(code == 0, output);
        var model = Model(Second);
        Assert.Equal((First, 9.0), (model.Info.Parent, model.Info.ServerDays));
        Assert.Contains(First, model.Info.Promotion!.Reason, StringComparison.Ordinal);
        Assert.NotNull(model.Info.Promotion.ActiveRelQl ?? model.Info.Promotion.ParentRelQl);
        // five steps at a quarter of the rate, in the warm-up, move a weight a little; beginning from nothing would be far away
        var moved = Distance(parent.Networks[0].Data, model.Networks[0].Data);
        Assert.InRange(moved, 1e-9, 0.1 * Distance(parent.Networks[0].Data, new float[parent.Networks[0].Data.Length]));
        var fitted = RecipeFit.Pooled([s_long], new RecipeOptions());
        Assert.InRange(Distance(parent.Recipe.Pooled.Base, model.Recipe.Pooled.Base) / Distance(parent.Recipe.Pooled.Base, fitted.Pooled.Base), 0.40, 0.48);

        Assert.Contains("it was trained on the same data", (await TrainAsync("new", "third", "--from", _folder.File(Second))).Output, StringComparison.Ordinal);
        Assert.Contains("nothing of the data is new", (await TrainAsync("old", "third", "--from", _folder.File(Second))).Output, StringComparison.Ordinal);
        Assert.Contains("--hidden: with --from", (await TrainAsync("new", "third", "--from", _folder.File(First), "--hidden", "8")).Output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder.File("third")));
    }

    [Fact]
    public void Differences_OtherMetricsInputsAndQuantiles_AreAllNamed()
    {
        var model = TinyModel.Make(metrics: ["cpu", "mem"]);
        var config = model.Config with { FutureInputs = [.. model.Config.FutureInputs.Skip(1)], PastInputs = ["anomaly", "moon"], Network = model.Config.Network with { Quantiles = [0.05f, 0.5f, 0.95f] } };

        var differences = string.Join("; ", new ParentModel("old", model with { Config = config }).Differences(["mem", "disk"], [s_long]));

        foreach (var expected in (string[])["of the metrics of the data it lacks disk and also has cpu", "inputs of the past of this version it lacks level", "also has moon", "inputs of the future of this version it lacks base", "its quantiles are 0.05, 0.5, 0.95"])
            Assert.Contains(expected, differences, StringComparison.Ordinal);
        Assert.Contains("has another order", Assert.Single(new ParentModel("old", model).Differences(["mem", "cpu"], [s_long])), StringComparison.Ordinal);
        Assert.Empty(new ParentModel("old", model).Differences(["cpu", "mem"], [s_long]));
    }

    [Fact]
    public void Run_AParentOfFewerInputs_TakesTheSameOnes()
    {
        var parent = new ParentModel("old", TinyModel.Make(metrics: [], futureInputs: 17));

        var options = parent.Continue(new ModelTrainingOptions { Steps = 3, Batch = 4, OriginStep = 12 });
        var networks = ModelTraining.Run([s_long], options).Networks;

        Assert.Empty(parent.Differences([], [s_long]));
        Assert.All(networks, n => Assert.Equal(17, n.Config.Future));
    }

    [Fact]
    public void Load_OtherStates_IsRefusedWithThem()
    {
        TinyModel.Save(_folder.Path, First, TinyModel.Make(states: ["calm", "wild"]));
        Assert.Contains("unique_states are calm, wild", Assert.Throws<InvalidDataException>(() => ModelFolders.LoadNamed(_folder.File(First))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_WhatTheParentSaw_IsNotLearnedFromAgain()
    {
        var parent = TinyModel.Make(metrics: [], seed: 3);
        var options = new ModelTrainingOptions { Steps = 3, Batch = 4, OriginStep = 12 };
        var seen = new ParentModel("old", parent with
        {
            Mapping = ServerMapping.Of([s_long.Name], _ => "1"),
            Info = parent.Info with { FitUntilStep = s_long.FirstStep + (7 * Protocol.Day) - 1, ServerDays = 7 },
        });

        var some = ModelTraining.Run([s_long], seen.Continue(options));
        var all = ModelTraining.Run([s_long], new ParentModel("old", parent).Continue(options));

        // 12 windows of a step: of two new days 41 origins, each two hours; of nine days many more
        Assert.True(some.Epochs > 3 * all.Epochs, $"{some.Epochs} {all.Epochs}");
        Assert.Equal((9.0, 9.0), (some.ServerDays, all.ServerDays));
        Assert.Equal(some.Networks[0].Data, ModelTraining.Run([s_long], seen.Continue(options) with { Threads = 1 }).Networks[0].Data);
    }

    public void Dispose() => _folder.Dispose();

    private static ServerSeries Cut(int days, int fitDays) => s_long with { Values = [s_long.Values[0][..(days * Protocol.Day)]], FitSteps = fitDays * Protocol.Day };

    private static double Distance(float[] a, float[] b) => Math.Sqrt(a.Zip(b, (x, y) => ((double)x - y) * ((double)x - y)).Sum());

    private ForecastModel Model(string version) => ModelFolder.Load(_folder.File(version), ModelFolders.ContractVersion, ModelFolders.States);

    private async Task<(int Code, string Output)> TrainAsync(string data, string version, params string[] more)
    {
        var output = new StringWriter();
        string[] shape = more.Length == 0 ? ["--networks", "1", "--hidden", "8"] : more;
        var code = await TrainCommand.Create()
            .Parse(["--data", _folder.File(data), "--out", _folder.File(version), "--steps", "5", "--batch", "4", "--origin-step", "12", .. shape])
            .InvokeAsync(new InvocationConfiguration { Output = output, Error = output }).DefaultTimeout();
        return (code, output.ToString());
    }
}
