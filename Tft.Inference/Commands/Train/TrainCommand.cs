using System.CommandLine;
using System.Globalization;
using Tft.Contract.Servers;
using Tft.Forecasting.Data;
using Tft.Forecasting.Engines;
using Tft.Forecasting.Models;
using Tft.Inference.Commands.History;
using Tft.Inference.Models;

namespace Tft.Inference.Commands.Train;

/// <summary><c>train --data DIR --out DIR</c>: trains a model on the fit parts of servers, scores it on the rest, and writes its folder.</summary>
internal static class TrainCommand
{
    public static Command Create()
    {
        var options = new TrainOptions();
        var command = new Command("train", "Trains a model. A training that was stopped goes on where it was.");
        options.AddTo(command);
        command.SetActionThatMayFail((result, cancellation) => Run(options, result, cancellation));
        return command;
    }

    private static int Run(TrainOptions given, ParseResult result, CancellationToken cancellation)
    {
        try
        {
            var options = given.Read(result);
            if (result.GetValue(given.Parent) is { } before)
            {
                if (given.OfTheParent(result) is { Length: > 0 } decided)
                    throw new InvalidDataException($"{string.Join(", ", decided)}: with --from the model that is continued decides; leave it out.");
                var (name, model) = ModelFolders.LoadNamed(before);
                options = new ParentModel(name, model).Continue(options);
            }

            if (result.GetValue(given.StopWithInput))
                WatchInput();
            var text = result.InvocationConfiguration.Output;
            var engine = DeviceEngine.Choose(result.GetValue(given.Device) ?? Environment.GetEnvironmentVariable(ServingEngine.Setting.Replace(":", "__", StringComparison.Ordinal)), options.Threads);
            foreach (var line in engine.Report)
                text.WriteLine(line);
            options = options with { Engine = engine.Engine, Threads = given.Threads(result, engine.Profile) };
            var (from, share, names) = (result.GetRequiredValue(given.Series.Data), result.GetValue(given.Series.Fit), given.Series.Names(result));
            var target = Target(result.GetRequiredValue(given.Output), TimeProvider.System);
            if (Directory.Exists(target))
                throw new IOException($"The folder '{target}' is there already.");
            IReadOnlyList<ServerSeries> Read(DirectoryInfo checkpoints) => ServiceHistory.Is(from)
                ? ServiceHistory.Read(from, checkpoints, HistoryNeed.Of(options.NewcomerShare, options.ValidationDays, share), share, names, text, cancellation)
                : SeriesFolder.Read(from, share, names);
            Run(Read, ServiceHistory.Is(from) ? ServiceHistory.Name(from) : Path.GetFileName(Path.TrimEndingDirectorySeparator(from)), target, result.GetValue(given.Checkpoints), options, text, cancellation);
            return 0;
        }
        catch (OperationCanceledException)
        {
            result.InvocationConfiguration.Error.WriteLine("Stopped; the same command goes on from here.");
            return 130;
        }
    }

    private static void WatchInput() => new Thread(static () =>
    {
        while (Console.In.Read() >= 0)
        {
        }

        Environment.Exit(130);
    })
    { IsBackground = true }.Start();

    private static string Target(string output, TimeProvider time) => Path.EndsInDirectorySeparator(output)
        ? Path.Combine(output, $"tft_model_{time.GetUtcNow().UtcDateTime:yyyyMMdd_HHmmss}")
        : output;

    private static void Run(Func<DirectoryInfo, IReadOnlyList<ServerSeries>> read, string data, string target, string? folder, ModelTrainingOptions options, TextWriter text, CancellationToken cancellation)
    {
        var time = TimeProvider.System;
        var start = time.GetTimestamp();
        var checkpoints = folder is null ? CheckpointFolder.Open(target, CheckpointFolder.Name(data, options)) : CheckpointFolder.Open(folder);
        var series = read(checkpoints);
        if (options.Parent is { } parent && parent.Differences(Schema(series), series).ToArray() is { Length: > 0 } differences)
            throw new InvalidDataException($"The training cannot go on from '{parent.Name}': {string.Join("; ", differences)}. Train without --from.");
        text.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{series.Count} servers, {series.Sum(s => s.Metrics)} series, {series.Max(s => s.FitSteps) / Protocol.Day} days to fit on"));

        var bar = new ProgressLine(text, !Console.IsOutputRedirected, time, new TrainingPace(options));
        var parts = ModelTraining.Run(series, options with { Checkpoints = checkpoints.FullName }, bar.Report,
            (network, step) => text.WriteLine($"network {network + 1} goes on at step {step}"), bar.ReportTrees, cancellation);
        var config = ModelConfig.Of(options.Shape, options.Networks, Schema(series), options.Recipe, parts.BandScales, options.NearNetworks, parts.Trees?.Count ?? 0);
        var info = new TrainingInfo
        {
            Created = time.GetUtcNow(),
            NewcomerShare = options.NewcomerShare,
            Data = data,
            Servers = series.Count,
            Series = parts.Series,
            Seed = options.Seed,
            Steps = options.Steps,
            Batch = options.Batch,
            Epochs = Math.Round(parts.Epochs, 3),
            Losses = parts.Losses,
            ValidationDays = options.ValidationDays,
            Parent = options.Parent?.Name,
            DataHash = SeriesHash.Of(series),
            FitUntilStep = series.Max(s => s.FirstStep + s.FitSteps - (options.ValidationDays * Protocol.Day)) - 1,
            ServerDays = Math.Round(parts.ServerDays, 2),
            Schedule = options.Schedule.ToString().ToLowerInvariant(),
            ValidationLosses = parts.ValidationLosses,
            StepsDone = parts.Steps,
            Engine = options.Engine?.Name ?? "Managed",
            DurationSeconds = Math.Round(time.GetElapsedTime(start).TotalSeconds, 1),
            UniqueStates = ModelFolders.States,
        };
        var model = new ForecastModel(config, parts.Recipe, parts.Networks, info, ServerMapping.Of(series.Select(s => s.Name), ServerId.FromName), ModelFolders.ContractVersion) { Trees = parts.Trees };
        model = model with { Info = ModelTrial.Run(model, series, options.NewcomerShare >= 0.5, target, options.Parent, options.Threads, text) };
        ModelFolder.Save(target, model);
        checkpoints.Delete(true);
        text.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{target}: trained in {info.DurationSeconds:F0} s"));
    }

    /// <summary>The metrics' names where all servers have the same; any metrics otherwise.</summary>
    private static IReadOnlyList<string> Schema(IReadOnlyList<ServerSeries> series) =>
        series.All(s => s.MetricNames.SequenceEqual(series[0].MetricNames)) ? series[0].MetricNames : [];
}
