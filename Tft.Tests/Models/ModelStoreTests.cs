using Microsoft.Extensions.Logging.Abstractions;
using Tft.Forecasting.Models;
using Tft.Forecasting.Network;
using Tft.Forecasting.Recipe.Corrections;
using Tft.Inference.Models;
using Tft.Tests.Infrastructure;

namespace Tft.Tests.Models;

/// <summary>What is refused, with which reason, and that the model in service serves on.</summary>
[Trait("Ring", "component")]
public sealed class ModelStoreTests : IDisposable
{
    private const string Old = "tft_model_20260101_000000";
    private const string New = "tft_model_20260102_000000";

    private readonly TempFolder _models = new();

    public static TheoryData<string, string> Damages => new()
    {
        { "no weights", "model.safetensors is missing" },
        { "no mapping", "server_mapping.json is missing" },
        { "no contract", "data_contract_version.txt is missing" },
        { "torn weights", "model.safetensors: " },
        { "flipped header", "model.safetensors: " },
        { "torn config", "config.json: " },
        { "other contract", "data_contract_version.txt: the contract is '3.0.0', expected 2.x" },
        { "other states", "training_info.json: unique_states are healthy, broken, expected critical_issue" },
        { "other metrics", "config.json: metrics are cpu, mem; the contract's are cpu_user_pct" },
        { "other shape", "model.safetensors: its network is of another shape than config.json says" },
        { "other inputs", "config.json: the inputs of the network are not the first of those of this version" },
        { "lost network", "model.safetensors: " },
        { "bad mapping", "server_mapping.json: 'ppml0001' has the id 1, which does not lead back to it" },
    };

    [Theory]
    [MemberData(nameof(Damages))]
    public void TryActivate_ADamagedFolder_IsRefusedWithItsReasonWhileTheOldServesOn(string damage, string reason)
    {
        TinyModel.Save(_models.Path, Old);
        var store = Store();
        var served = store.Current;
        Damage(damage);

        store.TakeNewer();
        Assert.Same(served, store.Current);
        Assert.False(store.TryActivate(Path.Combine(_models.Path, New), out var refused, out _));
        Assert.Contains(reason, refused);
        Assert.Same(served, store.Current);
        Assert.Equal(Old, store.Current!.Version);
    }

    [Fact]
    public void Start_NewestIsDamaged_ServesTheNewestValid()
    {
        TinyModel.Save(_models.Path, Old);
        Damage("torn weights");
        Assert.Equal(Old, Store().Current!.Version);
    }

    [Fact]
    public void Start_NoFolder_HasNoModel() => Assert.Null(Store().Current);

    [Fact]
    public void Start_None_HasNoModel()
    {
        TinyModel.Save(_models.Path, Old);
        Assert.Null(Store(ModelOptions.None).Current);
    }

    [Fact]
    public void Start_AModelOfFewerInputsThanTheRecipeGives_Serves()
    {
        var shape = NetworkShape.Of(8, 2, 0) with { Past = 3, Future = 15 };
        var weights = new TftWeights(shape);
        weights.Initialize(1);
        var model = TinyModel.Make();
        TinyModel.Save(_models.Path, Old, model with
        {
            Config = ModelConfig.Of(shape, 1, model.Config.Metrics, model.Config.Recipe, model.Config.BandScales),
            Networks = [weights],
        });
        var forecasts = 0;

        var served = Store().Current!;
        var forecaster = new WindowForecaster(served.Networks, (_, _, raw) => forecasts += float.IsFinite(raw.Quantiles[0]) ? 1 : 0);
        forecaster.Forecast(0, [[.. Enumerable.Range(0, 288).Select(t => MathF.Sin(t / 9f))]], 1000);
        forecaster.Flush();

        Assert.Equal(1, forecasts);
    }

    [Fact]
    public void TakeNewer_ACompleteNewerFolder_Swaps()
    {
        TinyModel.Save(_models.Path, Old);
        var store = Store();
        TinyModel.Save(_models.Path, New);
        store.TakeNewer();
        Assert.Equal(New, store.Current!.Version);
    }

    [Fact]
    public void TakeNewer_AFolderThatIsCompletedLater_IsTakenThen()
    {
        TinyModel.Save(_models.Path, Old);
        var store = Store();
        var whole = File.ReadAllBytes(Path.Combine(TinyModel.Save(_models.Path, New), "model.safetensors"));
        var weights = Path.Combine(_models.Path, New, "model.safetensors");
        File.WriteAllBytes(weights, whole[..(whole.Length / 2)]);
        store.TakeNewer();
        Assert.Equal(Old, store.Current!.Version);

        File.WriteAllBytes(weights, whole);
        store.TakeNewer();
        Assert.Equal(New, store.Current!.Version);
    }

    [Fact]
    public void TakeNewer_AfterAnOlderOneWasActivated_LeavesIt()
    {
        TinyModel.Save(_models.Path, Old);
        TinyModel.Save(_models.Path, New);
        var store = Store();
        Assert.True(store.TryActivate(Path.Combine(_models.Path, Old), out _, out _));
        store.TakeNewer();
        Assert.Equal(Old, store.Current!.Version);
    }

    public void Dispose() => _models.Dispose();

    private ModelStore Store(string choice = ModelOptions.Latest) =>
        new(new ModelOptions(choice, _models.Path, 1, TimeSpan.Zero), TimeProvider.System, NullLogger<ModelStore>.Instance);

    private void Damage(string damage)
    {
        var folder = TinyModel.Save(_models.Path, New, damage switch
        {
            "other states" => TinyModel.Make(states: ["healthy", "broken"]),
            "other metrics" => TinyModel.Make(metrics: ["cpu", "mem"]),
            _ => null,
        });
        string At(string file) => Path.Combine(folder, file);
        void Replace(string file, string old, string by)
        {
            var text = File.ReadAllText(At(file));
            Assert.Contains(old, text);
            File.WriteAllText(At(file), text.Replace(old, by, StringComparison.Ordinal));
        }

        switch (damage)
        {
            case "no weights": File.Delete(At("model.safetensors")); break;
            case "no mapping": File.Delete(At("server_mapping.json")); break;
            case "no contract": File.Delete(At("data_contract_version.txt")); break;
            case "torn weights":
                var bytes = File.ReadAllBytes(At("model.safetensors"));
                File.WriteAllBytes(At("model.safetensors"), bytes[..^1000]);
                break;
            case "flipped header":
                var flipped = File.ReadAllBytes(At("model.safetensors"));
                flipped[20] ^= 0xFF;
                File.WriteAllBytes(At("model.safetensors"), flipped);
                break;
            case "torn config": File.WriteAllText(At("config.json"), File.ReadAllText(At("config.json"))[..50]); break;
            case "other contract": File.WriteAllText(At("data_contract_version.txt"), "3.0.0\n"); break;
            case "other shape": Replace("config.json", "\"hidden\": 8", "\"hidden\": 16"); break;
            case "other inputs": Replace("config.json", "\"server_stress\"", "\"server_mood\""); break;
            case "lost network": Replace("config.json", "\"networks\": 2", "\"networks\": 3"); break;
            case "bad mapping": Replace("server_mapping.json", "\"ppml0001\": \"921211\"", "\"ppml0001\": \"1\""); break;
        }
    }
}
