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
        var model = new Option<string>("--model") { Description = "Model folder, or a folder of model folders: the newest that is valid and promoted.", HelpName = "DIR", Required = true };
        var data = new Option<string>("--data") { Description = "Folder of NAME.csv.gz or NAME.parquet, or of server_metrics.csv.gz or .parquet; or a Parquet file.", HelpName = "DIR", Required = true };
        var output = new Option<string>("--out") { Description = "Model folder to write; it must not be there yet.", HelpName = "DIR", Required = true };
        var servers = new Option<string?>("--servers") { Description = "Only these servers.", HelpName = "A,B,..." };
        var fit = new Option<double>("--fit") { Description = "Share of the time that is fitted on, of a server_metrics table: that of the training.", HelpName = "SHARE", DefaultValueFactory = static _ => TrainOptions.DefaultFit };
        var threads = new Option<int>("--threads") { Description = "Threads; they do not change the result.", HelpName = "N", DefaultValueFactory = static _ => 2 };
        var command = new Command("calibrate", "Learns the factors on the bands of a model anew, without training it.") { model, data, output, servers, fit, threads };
        OptionRanges.Share(fit);
        OptionRanges.AtLeast(threads, 1);
        command.SetAction(result =>
        {
            var (text, error) = (result.InvocationConfiguration.Output, result.InvocationConfiguration.Error);
            try
            {
                var target = result.GetRequiredValue(output);
                if (Directory.Exists(target))
                    throw new IOException($"The folder '{target}' is there already.");
                var loaded = ModelFolders.Load(result.GetRequiredValue(model));
                var series = SeriesFolder.Read(result.GetRequiredValue(data), result.GetValue(fit), SeriesFolder.Names(result.GetValue(servers)));
                if (loaded.Info.DataHash is { } hash && hash != SeriesHash.Of(series))
                    text.WriteLine("The data are others than the model was trained on; its bands will suit these.");
                var scales = ModelTraining.Calibrate(loaded, series, result.GetValue(threads));
                foreach (var (name, factors) in new[] { ("weeks known", scales.Weeks), ("weeks known, base alone", scales.WeeksBase), ("newcomers", scales.Newcomer), ("newcomers, base alone", scales.NewcomerBase) })
                    text.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}: {string.Join(" ", factors.Select(f => f.ToString("F2", CultureInfo.InvariantCulture)))}"));
                var calibrated = loaded with { Config = loaded.Config with { BandScales = scales } };
                ModelFolder.Save(target, calibrated with { Info = ModelTrial.Run(calibrated, series, loaded.Info.NewcomerShare >= 0.5, target, null, result.GetValue(threads), text) });
                return 0;
            }
            catch (Exception e) when (e is InvalidDataException or InvalidOperationException or IOException or UnauthorizedAccessException)
            {
                error.WriteLine(e.Message);
                return 1;
            }
        });
        return command;
    }
}
