using Tft.Forecasting.Data;
using Tft.Forecasting.Models;
using Tft.Forecasting.Network;
using Tft.Forecasting.Recipe;
using Tft.Forecasting.Recipe.Corrections;
using Tft.Tests.Forecasting.Data;

namespace Tft.Tests.Forecasting.Models;

/// <summary>Networks for the next leads: what they see, which leads they change, and that a model folder keeps them.</summary>
[Trait("Ring", "component")]
public sealed class NearNetworkTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("tft-near-");

    private static readonly ServerSeries s_server = SyntheticSeries.Create(41);
    private static readonly Lazy<ForecastModel> s_model = new(() => Train(s_server));

    public void Dispose() => _folder.Delete(true);

    [Fact]
    public void Forecast_WithNearNetworks_ChangesTheNextLeadsOnly()
    {
        var model = s_model.Value;
        var far = model with { Networks = [model.Networks[0]], Config = model.Config with { Near = null, NearNetworks = 0 } };

        var both = ModelEvaluation.Forecast(model, s_server, EvaluationTrack.FitOnly, true);
        var alone = ModelEvaluation.Forecast(far, s_server, EvaluationTrack.FitOnly, true);

        var changed = Enumerable.Range(0, Protocol.Horizon).Where(lead => !both.At(0, lead, 0).SequenceEqual(alone.At(0, lead, 0))).ToArray();
        Assert.Contains(5, changed);
        Assert.DoesNotContain(changed, lead => lead >= NetworkInputs.NearDecoder);
    }

    [Fact]
    public void Load_ModelWithNearNetworks_ForecastsTheSame()
    {
        var path = Path.Combine(_folder.FullName, "m");

        ModelFolder.Save(path, s_model.Value);
        var loaded = ModelFolder.Load(path, "2.0.0", []);

        Assert.Equal(3, loaded.Networks.Count);
        Assert.Equal(NetworkInputs.NearDecoder, loaded.Networks[2].Config.Decoder);
        Assert.Equal(Values(s_model.Value), Values(loaded));
    }

    [Fact]
    public void Load_NearNetworksOfAnotherShapeOrAlone_AreRefused()
    {
        var saved = new SavedModel(Path.Combine(_folder.FullName, "m"), s_model.Value);

        Assert.Contains("near is not the shape of 'network' with 32 + 16 steps", saved.ReasonWith("\"decoder\": 16", "\"decoder\": 12"), StringComparison.Ordinal);
        Assert.Contains("near_networks is 2", saved.ReasonWith("\"networks\": 1", "\"networks\": 0"), StringComparison.Ordinal);
        Assert.Contains("near_networks is 0", saved.ReasonWith("\"near_networks\": 2", "\"near_networks\": 0"), StringComparison.Ordinal);
    }

    [Fact]
    public void Gather_ForTheNextLeads_IsWhatTrainingFills()
    {
        var recipe = new RecipeOptions { Threads = 1 };
        var pooled = RecipeFit.Pooled([s_server], recipe);
        var tables = RecipeFit.Tables(s_server, recipe);
        var learned = RecipeFit.Learn(s_server, pooled, recipe);
        using var windows = new TrainingWindows([new TrainingServer(s_server, tables, learned.Series, [], 0, 0)], pooled.Ridge, 12, 8, false);
        var shape = NetworkShape.Of(4, 1, 0);
        var (whole, near, gathered) = (new WindowBatch(shape, 2, training: true), new WindowBatch(NetworkShape.Near(shape), 2, training: true), new WindowBatch(NetworkShape.Near(shape), 2));

        for (var slot = 0; slot < 2; slot++)
        {
            windows.Fill(7 + slot, whole, slot, 1);
            windows.Fill(7 + slot, near, slot, 1);
        }

        IResidualNetwork.Gather(2, whole.Metrics, whole.Past, whole.Future, gathered);

        Assert.Equal(near.Metrics, gathered.Metrics);
        Assert.Equal(near.Past, gathered.Past);
        Assert.Equal(near.Future, gathered.Future);
        Assert.Equal(near.Targets[..NetworkInputs.NearDecoder], whole.Targets[..NetworkInputs.NearDecoder]);
        Assert.Equal(near.Targets[NetworkInputs.NearDecoder..], whole.Targets[Protocol.Horizon..(Protocol.Horizon + NetworkInputs.NearDecoder)]);
    }

    private static float[] Values(ForecastModel model) => ModelEvaluation.Forecast(model, s_server, EvaluationTrack.FitOnly, true).Values;

    private static ForecastModel Train(ServerSeries server)
    {
        var options = new ModelTrainingOptions { Networks = 1, NearNetworks = 2, NearSteps = 30, FutureInputs = 17, Hidden = 4, Heads = 1, Steps = 10, Batch = 8, OriginStep = 12, Threads = 1 };
        var parts = ModelTraining.Run([server], options);
        var config = ModelConfig.Of(options.Shape, options.Networks, server.MetricNames, options.Recipe, parts.BandScales, options.NearNetworks);
        var info = new TrainingInfo
        {
            Created = DateTimeOffset.UnixEpoch, Data = "synthetic", Servers = 1, Series = parts.Series, Seed = 1, Steps = 10, Batch = 8, Epochs = parts.Epochs,
            Losses = parts.Losses, Engine = "Managed", DurationSeconds = 0, UniqueStates = [],
        };

        // so few steps move nothing beyond the grid of the metrics
        parts.Networks[1]["head.bias"].Fill(2);
        return new ForecastModel(config, parts.Recipe, parts.Networks, info, ServerMapping.Of([server.Name], _ => "1"), "2.0.0");
    }
}
