using Tft.Forecasting.Data;
using Tft.Forecasting.Models;
using Tft.Forecasting.Recipe;
using Tft.Forecasting.Recipe.Base;
using Tft.Forecasting.Recipe.Corrections;
using Tft.Forecasting.Trees;
using Tft.Tests.Forecasting.Data;

namespace Tft.Tests.Forecasting.Models;

/// <summary>Trees beside the networks: that they correct, that training is repeatable and goes on, and that a model folder keeps them.</summary>
[Trait("Ring", "component")]
public sealed class TreeModelTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("tft-trees-");

    private static readonly ServerSeries s_server = SyntheticSeries.Create(43, metrics: 2);
    private static readonly Lazy<ForecastModel> s_model = new(() => Model(Train(s_server, 1), s_server));

    public void Dispose() => _folder.Delete(true);

    [Fact]
    public void Inputs_OfAWindow_AreAsManyAsNamedAndFinite()
    {
        Assert.Equal(TreeInputs.Count, TreeInputs.Names.Distinct().Count());
        var (values, origin) = (s_server.Values.Select(v => v.ToArray()).ToArray(), 900);
        values[0].AsSpan(origin - 20, 15).Fill(float.NaN);
        var recipe = s_model.Value.Recipe;
        var learned = RecipeFit.Learn(s_server, recipe, s_model.Value.Config.Recipe);
        var (view, forecast) = (new WindowView(), new BaseForecast());
        view.Look(values, origin, s_server.SlotOf(origin), learned.Tables);
        forecast.Compute(view, 0, learned.Series[0], recipe.Ridge);
        var rows = Enumerable.Repeat(float.NaN, 2 * TreeInputs.Count).ToArray();

        TreeInputs.Fill(view, 0, forecast, [1, 96], rows);

        Assert.All(rows, v => Assert.True(float.IsFinite(v)));
        Assert.NotEqual(rows[..TreeInputs.Count], rows[TreeInputs.Count..]);
    }

    [Fact]
    public void Leads_OfTheTrees_AreTheFirstKnotsAndFitIntoOnePrediction()
    {
        Assert.True(LeadKnots.Leads.StartsWith(TreeShape.Leads));
        Assert.InRange(TreeShape.Leads.Length, 1, Forest.Rows);
        Assert.All(Enumerable.Range(0, Protocol.Horizon), lead => Assert.Equal(lead < TreeShape.Leads[^1] + 1, TreeShape.Share(lead) > 0));
        Assert.All(Enumerable.Range(1, Protocol.Horizon - 1), lead => Assert.InRange(TreeShape.Share(lead), 0, TreeShape.Share(lead - 1)));
    }

    [Fact]
    public void Forecast_WithTrees_CorrectsTheNextLeadsAndNoOther()
    {
        var without = s_model.Value with { Trees = null };

        var both = ModelEvaluation.Forecast(s_model.Value, s_server, EvaluationTrack.FitOnly, true);
        var networks = ModelEvaluation.Forecast(without, s_server, EvaluationTrack.FitOnly, true);
        var (plain, plainWithout) = (ModelEvaluation.Forecast(s_model.Value, s_server, EvaluationTrack.FitOnly, false), ModelEvaluation.Forecast(without, s_server, EvaluationTrack.FitOnly, false));

        var origins = Protocol.Origins(s_server.Steps, s_server.FitSteps).Length;
        bool Differs(int lead) => Enumerable.Range(0, origins).Any(e => !both.At(e, lead, 0).SequenceEqual(networks.At(e, lead, 0)));
        Assert.All(Enumerable.Range(0, Protocol.Horizon), lead => Assert.Equal(TreeShape.Share(lead) > 0, Differs(lead)));
        Assert.Equal(plainWithout.Values, plain.Values);
    }

    [Fact]
    public void Run_OtherThreads_GivesTheSameTrees()
    {
        var again = Train(s_server, 2).Trees;

        Assert.Equal(s_model.Value.Trees!.Nodes, again!.Nodes);
        Assert.Equal(s_model.Value.Trees.Leaves, again.Leaves);
    }

    [Fact]
    public void Load_ModelWithTrees_ForecastsTheSame()
    {
        var path = Path.Combine(_folder.FullName, "m");

        ModelFolder.Save(path, s_model.Value);
        var loaded = ModelFolder.Load(path, "2.0.0", []);

        Assert.Equal(s_model.Value.Trees!.Count, loaded.Trees!.Count);
        Assert.Equal(Values(s_model.Value), Values(loaded));
    }

    [Fact]
    public void Load_TreesThatTheConfigDoesNotDescribe_AreRefused()
    {
        var saved = new SavedModel(Path.Combine(_folder.FullName, "m"), s_model.Value);

        Assert.Contains("expected [13]", saved.ReasonWith("\"trees\": 12", "\"trees\": 13"), StringComparison.Ordinal);
        Assert.Contains("trees is -1", saved.ReasonWith("\"trees\": 12", "\"trees\": -1"), StringComparison.Ordinal);
        Assert.Contains("inputs of the trees", saved.ReasonWith("\"stress\"", "\"distress\""), StringComparison.Ordinal);
        Assert.Contains("tensors, expected", saved.ReasonWith("\"trees\": 12,", ""), StringComparison.Ordinal);
    }

    [Fact]
    public void Problems_TreesOfTheFirstInputsOnly_AreNone()
    {
        var config = s_model.Value.Config;

        Assert.Empty((config with { TreeInputs = [.. TreeInputs.Names.Take(92)] }).Problems());
        Assert.NotEmpty((config with { TreeInputs = [.. TreeInputs.Names.Skip(1)] }).Problems());
        Assert.NotEmpty((config with { TreeInputs = [] }).Problems());
    }

    [Fact]
    public void Continue_ModelWithTrees_GrowsAQuarterMore()
    {
        var seen = s_model.Value.Info with { FitUntilStep = s_server.FirstStep + s_server.FitSteps - 1 };
        var parent = new ParentModel("before", s_model.Value with { Info = seen });

        var parts = ModelTraining.Run([SyntheticSeries.Create(43, metrics: 2, fitDays: 11)], parent.Continue(new ModelTrainingOptions { Steps = 4, Batch = 8, OriginStep = 12, Threads = 1 }));

        var (before, after) = (s_model.Value.Trees!, parts.Trees!);
        Assert.Equal(15, after.Count);
        Assert.Equal(before.Nodes, after.Nodes[..before.Nodes.Length]);
    }

    private static float[] Values(ForecastModel model) => ModelEvaluation.Forecast(model, s_server, EvaluationTrack.FitOnly, true).Values;

    private static TrainedParts Train(ServerSeries server, int threads) =>
        ModelTraining.Run([server], new ModelTrainingOptions { Networks = 1, Trees = 12, Hidden = 4, Heads = 1, Steps = 4, Batch = 8, OriginStep = 4, Threads = threads });

    private static ForecastModel Model(TrainedParts parts, ServerSeries server)
    {
        var config = ModelConfig.Of(parts.Networks[0].Config, 1, server.MetricNames, new RecipeOptions(), parts.BandScales, trees: parts.Trees!.Count);
        var info = new TrainingInfo
        {
            Created = DateTimeOffset.UnixEpoch, Data = "synthetic", Servers = 1, Series = parts.Series, Seed = 1, Steps = 4, Batch = 8, Epochs = parts.Epochs,
            Losses = parts.Losses, Engine = "Managed", DurationSeconds = 0, UniqueStates = [],
        };
        return new ForecastModel(config, parts.Recipe, parts.Networks, info, ServerMapping.Of([server.Name], _ => "1"), "2.0.0") { Trees = parts.Trees };
    }
}
