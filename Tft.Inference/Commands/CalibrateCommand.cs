using System.CommandLine;
using System.Globalization;
using Tft.Forecasting.Data;
using Tft.Forecasting.Models;
using Tft.Inference.Commands.Train;

namespace Tft.Inference.Commands;

/// <summary><c>calibrate --model DIR --data DIR --out DIR</c>: learns the factors on a model's bands anew, as a training ends with; networks and pooled parts stay.</summary>
internal static class CalibrateCommand
{
    public static Command Create()
    {
        var series = new SeriesOptions();
        var model = new Option<string>("--model") { Description = "Model folder, or a folder of model folders: the newest that is valid and promoted.", HelpName = "DIR", Required = true };
        var output = new Option<string>("--out") { Description = "Model folder to write; it must not be there yet.", HelpName = "DIR", Required = true };
        var command = new Command("calibrate", "Learns the factors on the bands of a model anew, without training it; --fit is to be that of the training.") { model, series.Data, output, series.Servers, series.Fit, series.Threads };
        command.SetActionThatMayFail((result, _) =>
        {
            var text = result.InvocationConfiguration.Output;
            var target = result.GetRequiredValue(output);
            if (Directory.Exists(target))
                throw new IOException($"The folder '{target}' is there already.");
            var loaded = ModelFolders.Load(result.GetRequiredValue(model));
            var all = series.Read(result);
            if (loaded.Info.DataHash is { } hash && hash != SeriesHash.Of(all))
                text.WriteLine("The data are others than the model was trained on; its bands will suit these.");
            var scales = ModelTraining.Calibrate(loaded, all, result.GetValue(series.Threads));
            foreach (var (name, factors) in new[] { ("weeks known", scales.Weeks), ("weeks known, base alone", scales.WeeksBase), ("newcomers", scales.Newcomer), ("newcomers, base alone", scales.NewcomerBase) })
                text.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}: {string.Join(" ", factors.Select(f => f.ToString("F2", CultureInfo.InvariantCulture)))}"));
            var calibrated = loaded with { Config = loaded.Config with { BandScales = scales } };
            ModelFolder.Save(target, calibrated with { Info = ModelTrial.Run(calibrated, all, loaded.Info.NewcomerShare >= 0.5, target, null, result.GetValue(series.Threads), text) });
            return 0;
        });
        return command;
    }
}
