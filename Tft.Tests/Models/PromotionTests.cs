using System.CommandLine;
using Microsoft.Extensions.Logging.Abstractions;
using Tft.Forecasting.Evaluation;
using Tft.Forecasting.Models;
using Tft.Inference.Commands;
using Tft.Inference.Commands.Train;
using Tft.Inference.Models;
using Tft.Tests.Commands;
using Tft.Tests.Forecasting.Data;
using Tft.Tests.Infrastructure;

namespace Tft.Tests.Models;

/// <summary>Only a model that is ahead of seasonal naive and of the active one serves by itself.</summary>
[Trait("Ring", "component")]
public sealed class PromotionTests : IDisposable
{
    private const string Old = "tft_model_20260101_000000";
    private const string New = "tft_model_20260102_000000";

    private readonly TempFolder _models = new();

    [Theory]
    [InlineData(0.5, null, true)]
    [InlineData(0.5, 0.6, true)]
    [InlineData(0.5, 0.5, false)]
    [InlineData(0.5, 0.4, false)]
    [InlineData(1.0, null, false)]
    [InlineData(1.1, 1.2, false)]
    [InlineData(double.NaN, null, false)]
    public void Of_Losses_PromotesWhatIsAheadOfBoth(double own, double? active, bool promoted)
    {
        var promotion = Promotion.Of(Table(own), active is null ? null : Old, active is { } loss ? Table(loss) : null);
        Assert.Equal(promoted, promotion.Promoted);
        Assert.Contains(active is null ? "no active model" : Old, promotion.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0.6, true)]
    [InlineData(0.5, false)]
    public void Of_AModelThatContinuesAnother_MustBeAheadOfThatToo(double parent, bool promoted)
    {
        var promotion = Promotion.Of(Table(0.5), Old, Table(0.6), New, Table(parent));
        Assert.Equal((promoted, New, parent), (promotion.Promoted, promotion.Parent, promotion.ParentRelQl!.Value));
        Assert.Contains($"of {New}, which it continues", promotion.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Latest_ANewerModelThatWasNotPromoted_IsListedAndServesOnlyWhenAskedFor()
    {
        TinyModel.Save(_models.Path, Old);
        var running = Store();
        TinyModel.Save(_models.Path, New, NotPromoted());
        running.TakeNewer();
        Assert.Equal(Old, running.Current!.Version);

        var store = Store();
        Assert.Equal(Old, store.Current!.Version);
        var entry = new ModelList(store, Options(ModelOptions.Latest)).Make().Models[0];
        Assert.Equal((New, true, (bool?)false), (entry.Version, entry.Valid, entry.Promoted));
        Assert.Contains("not ahead of seasonal naive", entry.Reason, StringComparison.Ordinal);

        Assert.True(store.TryActivate(Path.Combine(_models.Path, New), out _, out _));
        Assert.Equal(New, store.Current!.Version);
        Assert.Equal(New, Store(Path.Combine(_models.Path, New)).Current!.Version);
    }

    [Fact]
    public void Active_IsTheNewestValidPromotedOneOfTheSameMetrics()
    {
        Assert.Null(ModelFolders.Active(_models.Path, []));
        TinyModel.Save(_models.Path, Old);
        TinyModel.Save(_models.Path, New, NotPromoted());
        TinyModel.Save(_models.Path, "tft_model_20260103_000000", TinyModel.Make(metrics: ["cpu", "mem"]));
        File.Delete(Path.Combine(TinyModel.Save(_models.Path, "tft_model_20260104_000000"), "config.json"));

        Assert.Equal(Old, ModelFolders.Active(_models.Path, TinyModel.Make().Config.Metrics)?.Name);
        Assert.Equal("tft_model_20260103_000000", ModelFolders.Active(_models.Path, ["cpu", "mem"])?.Name);
        Assert.Null(ModelFolders.Active(_models.Path, ["cpu"]));
    }

    [Fact]
    public void Load_FolderOfModels_IsTheOneThatServes()
    {
        TinyModel.Save(_models.Path, Old, TinyModel.Make(seed: 7));
        TinyModel.Save(_models.Path, New, NotPromoted());
        Assert.Equal(7, ModelFolders.Load(_models.Path).Info.Seed);
        Assert.Equal(1, ModelFolders.Load(Path.Combine(_models.Path, New)).Info.Seed);
    }

    [Fact]
    public async Task Train_TheSameAgain_IsNoProgressAndNotPromoted()
    {
        SeriesFiles.WriteCsv(_models.File("data"), SyntheticSeries.Create(21, metrics: 1, days: 6, fitDays: 4));
        Assert.Contains("promoted: ahead of seasonal naive", await TrainAsync(Old), StringComparison.Ordinal);
        Assert.Contains("kept, not promoted: ", await TrainAsync(New), StringComparison.Ordinal);

        var first = Info(Old);
        Assert.True(first.Promoted);
        Assert.Null(first.Promotion!.Active);
        var second = Info(New);
        Assert.False(second.Promoted);
        Assert.Equal((Old, first.Promotion.RelQl), (second.Promotion!.Active, second.Promotion.ActiveRelQl!.Value));
    }

    public void Dispose() => _models.Dispose();

    private static ScoreTable Table(double relQl) => new(["a"], 1, 0, new Dictionary<string, ScoreRow> { ["all"] = new(relQl, 1, 0.8, 1) });

    private static ForecastModel NotPromoted()
    {
        var model = TinyModel.Make();
        return model with { Info = model.Info with { Promotion = Promotion.Of(Table(1.5), null, null) } };
    }

    private static ModelStore Store(ModelOptions options) => new(options, TimeProvider.System, NullLogger<ModelStore>.Instance);

    private ModelStore Store(string choice = ModelOptions.Latest) => Store(Options(choice));

    private ModelOptions Options(string choice) => new(choice, _models.Path, 1, TimeSpan.Zero);

    private TrainingInfo Info(string version) => ModelFolder.Load(_models.File(version), ModelFolders.ContractVersion, ModelFolders.States).Info;

    private async Task<string> TrainAsync(string version)
    {
        var output = new StringWriter();
        var code = await TrainCommand.Create()
            .Parse(["--data", _models.File("data"), "--out", _models.File(version), "--networks", "1", "--hidden", "8", "--steps", "5", "--batch", "4", "--origin-step", "12"])
            .InvokeAsync(new InvocationConfiguration { Output = output, Error = output }).DefaultTimeout();
        Assert.True(code == 0, output.ToString());
        return output.ToString();
    }
}
