using Tft.Forecasting.Models;

namespace Tft.Tests.Forecasting.Models;

/// <summary>A model folder whose config is changed, one edit after another, and why it is refused then.</summary>
internal sealed class SavedModel
{
    private readonly string _path;
    private readonly string _text;

    public SavedModel(string path, ForecastModel model)
    {
        _path = path;
        ModelFolder.Save(path, model);
        _text = File.ReadAllText(Config);
    }

    private string Config => Path.Combine(_path, "config.json");

    public string ReasonWith(string from, string to)
    {
        Assert.Contains(from, _text, StringComparison.Ordinal);
        File.WriteAllText(Config, _text.Replace(from, to, StringComparison.Ordinal));
        return Assert.Throws<InvalidDataException>(() => ModelFolder.Load(_path, "2.0.0", [])).Message;
    }
}
