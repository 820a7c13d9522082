using System.Text.Json.Nodes;
using Tft.Forecasting.Data;
using Tft.Forecasting.Evaluation;
using Tft.Forecasting.Models;
using Tft.Forecasting.Recipe.Bands;
using Tft.Tests.Forecasting.Data;

namespace Tft.Tests.Forecasting.Models;

[Trait("Ring", "component")]
public sealed class ModelFolderTests : IDisposable
{
    private static readonly string[] s_states = ["healthy", "idle"];
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("tft-model-");

    private static readonly Lazy<(IReadOnlyList<ServerSeries> Servers, ForecastModel Model)> s_trained = new(() =>
    {
        ServerSeries[] servers = [SyntheticSeries.Create(21), SyntheticSeries.Create(22, gaps: 0.05)];
        return (servers, Train(servers, threads: 2));
    });

    public void Dispose() => _folder.Delete(true);

    [Fact]
    public void Forecast_LearnedOnTheFitPart_IsAheadOfSeasonalNaive()
    {
        var (servers, model) = s_trained.Value;

        foreach (var track in Enum.GetValues<EvaluationTrack>())
        {
            var table = ScoreTable.Of([.. servers.Select(s => ServerScore.Of(s, ModelEvaluation.Forecast(model, s, track, withNetworks: true)))]);
            Assert.Equal(0, table.Crossed);
            Assert.InRange(table.Rows["30min"].RelQl, 0.1, 0.8);
            Assert.InRange(table.Rows["all"].Cover80, 0.6, 0.97);
        }
    }

    [Fact]
    public void Forecast_ServerOfOtherMetricsAndWithAnEmptyOne_IsForecastToo()
    {
        var series = SyntheticSeries.Create(30, metrics: 5, gaps: 0.1);
        Array.Fill(series.Values[4], float.NaN);

        var forecast = ModelEvaluation.Forecast(s_trained.Value.Model, series, EvaluationTrack.FitOnly, withNetworks: true);

        Assert.DoesNotContain(forecast.Values, v => !float.IsFinite(v));
    }

    [Fact]
    public void Run_OtherNumberOfThreads_GivesTheSameModel()
    {
        var (servers, model) = s_trained.Value;

        var other = Train(servers, threads: 1);

        Assert.Equal(model.Networks[0].Data, other.Networks[0].Data);
        Assert.Equal(model.Recipe.Pooled.Base, other.Recipe.Pooled.Base);
        Assert.Equal(model.Config.BandScale, other.Config.BandScale);
        Assert.Equal(model.Config.BandScaleNewcomer, other.Config.BandScaleNewcomer);
    }

    [Fact]
    public void Load_WhatWasSaved_ForecastsTheSame()
    {
        var (servers, model) = s_trained.Value;
        var path = Path.Combine(_folder.FullName, "m");

        ModelFolder.Save(path, model);
        var loaded = ModelFolder.Load(path, "2.1.0", s_states);

        Assert.Equal(ModelEvaluation.Forecast(model, servers[0], EvaluationTrack.FitOnly, true).Values, ModelEvaluation.Forecast(loaded, servers[0], EvaluationTrack.FitOnly, true).Values);
        Assert.False(Directory.Exists(path + ".partial"));
    }

    [Theory]
    [InlineData("config.json", null, "config.json is missing")]
    [InlineData("server_mapping.json", null, "server_mapping.json is missing")]
    [InlineData("data_contract_version.txt", "1.0.0", "the contract is '1.0.0', expected 2.x")]
    [InlineData("config.json", "{", "config.json:")]
    [InlineData("server_mapping.json", """{"name_to_id":{"a":"1"},"id_to_name":{}}""", "'a' has the id 1, which does not lead back to it")]
    [InlineData("model.safetensors", "short", "model.safetensors: safetensors: 5 bytes")]
    public void Load_SpoiledFolder_SaysTheReason(string file, string? content, string reason)
    {
        var path = Path.Combine(_folder.FullName, "m");
        ModelFolder.Save(path, s_trained.Value.Model);
        if (content is null)
            File.Delete(Path.Combine(path, file));
        else
            File.WriteAllText(Path.Combine(path, file), content);

        var error = Assert.Throws<InvalidDataException>(() => ModelFolder.Load(path, "2.0.0", s_states));

        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_TruncatedWeightsOtherStatesOtherShape_AreRefused()
    {
        var path = Path.Combine(_folder.FullName, "m");
        ModelFolder.Save(path, s_trained.Value.Model);
        Assert.Contains("unique_states", Assert.Throws<InvalidDataException>(() => ModelFolder.Load(path, "2.0.0", ["healthy"])).Message, StringComparison.Ordinal);

        var config = Path.Combine(path, "config.json");
        var text = File.ReadAllText(config);
        File.WriteAllText(config, text.Replace("\"hidden\": 4", "\"hidden\": 8", StringComparison.Ordinal));
        Assert.Contains("another shape", Assert.Throws<InvalidDataException>(() => ModelFolder.Load(path, "2.0.0", s_states)).Message, StringComparison.Ordinal);
        File.WriteAllText(config, text);

        var weights = Path.Combine(path, "model.safetensors");
        File.WriteAllBytes(weights, File.ReadAllBytes(weights)[..^40]);
        Assert.Contains("bytes", Assert.Throws<InvalidDataException>(() => ModelFolder.Load(path, "2.0.0", s_states)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Save_FactorsOfEachKind_ComeBack()
    {
        var path = Path.Combine(_folder.FullName, "m");
        ModelFolder.Save(path, s_trained.Value.Model with { Config = s_trained.Value.Model.Config with { BandScales = Factors(0.9f, 1.1f, 1.2f, 1.3f) } });

        var scales = ModelFolder.Load(path, "2.0.0", s_states).Config.BandScales;

        Assert.Equal([0.9f, 1.1f, 1.2f, 1.3f], new[] { scales.Weeks, scales.WeeksBase, scales.Newcomer, scales.NewcomerBase }.Select(f => f.Distinct().Single()));
    }

    [Fact]
    public void Load_FolderThatIsOlderThanFactorsOfEachKind_UsesTheOnesItHas()
    {
        var path = Path.Combine(_folder.FullName, "m");
        ModelFolder.Save(path, s_trained.Value.Model with { Config = s_trained.Value.Model.Config with { BandScaleBase = null, BandScaleNewcomer = null, BandScaleNewcomerBase = null } });
        Assert.DoesNotContain("band_scale_", File.ReadAllText(Path.Combine(path, "config.json")), StringComparison.Ordinal);

        var config = ModelFolder.Load(path, "2.0.0", s_states).Config;

        Assert.Equal(config.BandScale, config.BandScales.WeeksBase);
        Assert.Equal(config.BandScale, config.BandScales.Newcomer);
        Assert.Equal(config.BandScale, config.BandScales.NewcomerBase);
    }

    [Theory]
    [InlineData("band_scale")]
    [InlineData("band_scale_base")]
    [InlineData("band_scale_newcomer")]
    [InlineData("band_scale_newcomer_base")]
    public void Load_DamagedFactors_SaysWhichAndWhatIsExpected(string name)
    {
        var path = Path.Combine(_folder.FullName, "m");
        ModelFolder.Save(path, s_trained.Value.Model with { Config = s_trained.Value.Model.Config with { BandScales = BandScales.One } });
        var config = Path.Combine(path, "config.json");
        var whole = JsonNode.Parse(File.ReadAllText(config))!.AsObject();

        foreach (var (damaged, count) in new (float[], int)[] { ([1, 1], 2), ([], 0), ([.. Enumerable.Repeat(1f, 19), 10f], 20), ([.. Enumerable.Repeat(1f, 19), -1f], 20) })
        {
            whole[name] = new JsonArray([.. damaged.Select(f => JsonValue.Create(f))]);
            File.WriteAllText(config, whole.ToJsonString());
            var error = Assert.Throws<InvalidDataException>(() => ModelFolder.Load(path, "2.0.0", s_states));
            Assert.Contains($"config.json: {name} has {count} entries, expected 20 between 0.1 and 10", error.Message, StringComparison.Ordinal);
        }
    }

    /// <summary>Each kind of forecast is scaled by its own factors, whatever they are, and nothing else moves it.</summary>
    [Fact]
    public void Forecast_FactorsOfOneKind_MoveThatKindOnly()
    {
        var ((servers, model), moved) = (s_trained.Value, new List<string>());
        (string Name, BandScales Scales)[] changed = [("none", Factors(1, 1, 1, 1)), ("weeks", Factors(3, 1, 1, 1)), ("weeks base", Factors(1, 3, 1, 1)), ("newcomer", Factors(1, 1, 0.2f, 1)), ("newcomer base", Factors(1, 1, 1, 9))];
        (string Name, EvaluationTrack Track, bool Networks)[] forecasts =
            [("weeks", EvaluationTrack.FitOnly, true), ("weeks base", EvaluationTrack.FitOnly, false), ("newcomer", EvaluationTrack.Cold, true), ("newcomer base", EvaluationTrack.Cold, false)];

        foreach (var (name, track, networks) in forecasts)
        {
            float[]? plain = null;
            foreach (var (kind, scales) in changed)
            {
                var forecast = ModelEvaluation.Forecast(model with { Config = model.Config with { BandScales = scales } }, servers[0], track, networks);
                Assert.Equal(0, ServerScore.Of(servers[0], forecast).Crossed);
                plain ??= forecast.Values;
                if (!forecast.Values.AsSpan().SequenceEqual(plain))
                    moved.Add($"{name} by {kind}");
            }
        }

        Assert.Equal(["weeks by weeks", "weeks base by weeks base", "newcomer by newcomer", "newcomer base by newcomer base"], moved);
    }

    private static BandScales Factors(float weeks, float weeksBase, float newcomer, float newcomerBase)
    {
        static float[] All(float factor) => [.. Enumerable.Repeat(factor, 20)];
        return new BandScales(All(weeks), All(weeksBase), All(newcomer), All(newcomerBase));
    }

    private static ForecastModel Train(IReadOnlyList<ServerSeries> servers, int threads)
    {
        var options = new ModelTrainingOptions { Networks = 1, Hidden = 4, Heads = 1, Steps = 20, Batch = 8, OriginStep = 12, Threads = threads };
        var parts = ModelTraining.Run(servers, options);
        var config = ModelConfig.Of(parts.Networks[0].Config, 1, servers[0].MetricNames, options.Recipe, parts.BandScales);
        var info = new TrainingInfo
        {
            Created = DateTimeOffset.UnixEpoch, Data = "synthetic", Servers = 2, Series = parts.Series, Seed = 1, Steps = 20, Batch = 8, Epochs = parts.Epochs,
            Losses = parts.Losses, Engine = "Managed", DurationSeconds = 0, UniqueStates = s_states,
        };
        return new ForecastModel(config, parts.Recipe, parts.Networks, info, ServerMapping.Of(servers.Select(s => s.Name), _ => "1"), "2.0.0");
    }
}
