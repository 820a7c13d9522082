using Microsoft.Extensions.Logging.Abstractions;
using Tft.Inference.Models;
using Tft.Tests.Infrastructure;

namespace Tft.Tests.Models;

/// <summary>What serves after a restart, when a model was activated by hand before it.</summary>
[Trait("Ring", "component")]
public sealed class ModelChoiceTests : IDisposable
{
    private const string Old = "tft_model_20260101_000000";
    private const string New = "tft_model_20260102_000000";
    private const string Newer = "tft_model_20260103_000000";

    private readonly TempFolder _models = new();
    private readonly TempFolder _data = new();

    public ModelChoiceTests()
    {
        TinyModel.Save(_models.Path, Old);
        TinyModel.Save(_models.Path, New);
    }

    [Fact]
    public void Start_AnOlderOneWasActivated_ServesItAndKnowsWhatServedBefore()
    {
        Assert.True(Activate(Start(), Old));

        var store = Start();

        Assert.Equal((Old, New), (store.Current!.Version, store.Previous));
    }

    [Fact]
    public void Start_ANewerOneCameMeanwhile_ServesThat()
    {
        Activate(Start(), Old);
        TinyModel.Save(_models.Path, Newer);

        var store = Start();

        Assert.Equal((Newer, Old), (store.Current!.Version, store.Previous));
    }

    [Fact]
    public void Start_ANewerOneCameButIsDamaged_ServesTheChoice()
    {
        Activate(Start(), Old);
        File.Delete(Path.Combine(TinyModel.Save(_models.Path, Newer), "model.safetensors"));

        Assert.Equal(Old, Start().Current!.Version);
    }

    [Fact]
    public void Start_TheChoiceIsGone_ServesTheNewest()
    {
        Activate(Start(), Old);
        Directory.Delete(Path.Combine(_models.Path, Old), recursive: true);

        Assert.Equal(New, Start().Current!.Version);
    }

    [Fact]
    public void TakeNewer_AfterAChoice_EndsIt()
    {
        var store = Start();
        Activate(store, Old);
        TinyModel.Save(_models.Path, Newer);
        store.TakeNewer();
        Assert.Equal(Newer, store.Current!.Version);
        Directory.Delete(Path.Combine(_models.Path, Newer), recursive: true);

        Assert.Equal(New, Start().Current!.Version);
    }

    [Fact]
    public void Start_AnUnreadableChoice_ServesTheNewest()
    {
        File.WriteAllText(_data.File(ModelChoiceFile.Name), "{\"version\":");
        Assert.Equal(New, Start().Current!.Version);
    }

    [Fact]
    public void TryActivate_TheChoiceCannotBeWritten_ServesAndSaysSo()
    {
        // a folder where the file should be: refused for whoever asks, root too
        Directory.CreateDirectory(_data.File(ModelChoiceFile.Name));
        var store = Start();

        Assert.False(Activate(store, Old));
        Assert.Equal(Old, store.Current!.Version);
    }

    [Fact]
    public void Start_TheSettingsNameAFolder_ServesThatWhateverWasActivated()
    {
        var named = Path.Combine(_models.Path, New);
        Assert.False(Activate(Start(named), Old));

        Assert.Equal(New, Start(named).Current!.Version);
    }

    public void Dispose()
    {
        _models.Dispose();
        _data.Dispose();
    }

    private ModelStore Start(string choice = ModelOptions.Latest) => new(
        new ModelOptions(choice, _models.Path, 1, TimeSpan.Zero), TimeProvider.System, NullLogger<ModelStore>.Instance,
        chosen: new ModelChoiceFile(_data.Path, NullLogger<ModelChoiceTests>.Instance));

    /// <returns>Whether it is kept.</returns>
    private bool Activate(ModelStore store, string version)
    {
        Assert.True(store.TryActivate(Path.Combine(_models.Path, version), out _, out var kept));
        return kept;
    }
}
