using System.CommandLine;
using System.Globalization;
using Tft.Contract.Servers;
using Tft.Forecasting.Data;
using Tft.Forecasting.Engines;
using Tft.Forecasting.Models;
using Tft.Forecasting.Recipe;
using Tft.Forecasting.Training;
using Tft.Inference.Commands.History;
using Tft.Inference.Models;

namespace Tft.Inference.Commands;

/// <summary><c>train --data DIR --out DIR</c>: trains a model on the fit parts of servers, scores it on the rest, and writes its folder.</summary>
internal static class TrainCommand
{
    /// <summary>Option: where checkpoints are kept, instead of beside the target.</summary>
    public const string Checkpoints = "--checkpoints";

    /// <summary>Option: ends when standard input does, so with whoever started it.</summary>
    public const string StopWithInput = "--stop-with-input";

    /// <summary>Share of the time that is fitted on, where nothing else is said.</summary>
    public const double DefaultFit = 0.7;

    public static Command Create()
    {
        var defaults = new ModelTrainingOptions();
        var data = new Option<string>("--data") { Description = "Folder of NAME.csv.gz or NAME.parquet, or of server_metrics.csv.gz or .parquet; or a Parquet file; or the address of a running service, for its history.", HelpName = "DIR|URL", Required = true };
        var output = new Option<string>("--out") { Description = "Model folder to write; a folder that ends in a slash gets tft_model_YYYYMMDD_HHMMSS.", HelpName = "DIR", Required = true };
        var parent = new Option<string?>("--from") { Description = "Goes on from this model with what it has not seen; or from the newest promoted of a folder of models.", HelpName = "DIR" };
        var servers = new Option<string?>("--servers") { Description = "Only these servers.", HelpName = "A,B,..." };
        var networks = new Option<int>("--networks") { Description = "Networks whose mean is the forecast.", HelpName = "N", DefaultValueFactory = _ => defaults.Networks };
        var steps = new Option<int>("--steps") { Description = "Steps of a network's training.", HelpName = "N", DefaultValueFactory = _ => defaults.Steps };
        var near = new Option<int>("--near") { Description = "Networks for the next hour beside them: cheap, so that they learn from more windows.", HelpName = "N", DefaultValueFactory = _ => defaults.NearNetworks };
        var nearSteps = new Option<int>("--near-steps") { Description = "Steps of the training of each of these.", HelpName = "N", DefaultValueFactory = _ => defaults.NearSteps };
        var futureInputs = new Option<int>("--future-inputs") { Description = "The networks take the first so many of the inputs of the future.", HelpName = "N", DefaultValueFactory = _ => defaults.FutureInputs };
        var batch = new Option<int>("--batch") { Description = "Windows of a step.", HelpName = "N", DefaultValueFactory = _ => defaults.Batch };
        var hidden = new Option<int>("--hidden") { Description = "Width of the network.", HelpName = "N", DefaultValueFactory = _ => defaults.Hidden };
        var originStep = new Option<int>("--origin-step") { Description = "Steps between two origins that are trained on.", HelpName = "N", DefaultValueFactory = _ => defaults.OriginStep };
        var seed = new Option<int>("--seed") { Description = "Seed; the same data, seed and options give the same model.", HelpName = "N", DefaultValueFactory = _ => defaults.Seed };
        var fit = new Option<double>("--fit") { Description = "Share of the time that is fitted on, of a server_metrics table.", HelpName = "SHARE", DefaultValueFactory = static _ => DefaultFit };
        var threads = new Option<int>("--threads") { Description = "Threads; they do not change the result.", HelpName = "N", DefaultValueFactory = _ => defaults.Threads };
        var newcomers = new Option<double>("--newcomers") { Description = "Share of the origins at which the networks see a server as one of which one day is known; at the others they see tables from its other days.", HelpName = "SHARE", DefaultValueFactory = _ => defaults.NewcomerShare };
        var stretch = new Option<bool>("--stretch") { Description = "A metric that has left its usual range for good is seen in a larger unit; without it, clipped." };
        var wide = new Option<bool>("--wide-head") { Description = "The networks can say very large corrections, as the first hour of an incident needs." };
        var unusual = new Option<bool>("--unusual") { Description = "Trains on every origin before which a metric was far from usual for an hour, not only on one in --origin-step: incidents are rare." };
        var validation = new Option<int>("--validation") { Description = "Days at the end of the fit part that decide when a network's training stops; 0: all steps.", HelpName = "DAYS", DefaultValueFactory = _ => defaults.ValidationDays };
        var schedule = new Option<LearningRateSchedule>("--schedule") { Description = "How the learning rate falls: cosine, or plateau (halved when the loss on the validation days stalls) or constant.", HelpName = "NAME", DefaultValueFactory = _ => defaults.Schedule };
        var checkpointEvery = new Option<int>("--checkpoint-every") { Description = "Steps from checkpoint to checkpoint; they do not change the result.", HelpName = "N", DefaultValueFactory = _ => defaults.CheckpointEvery };
        var device = new Option<string?>("--device") { Description = "auto, cpu, cuda or cuda:N, as Tft:Device; without it the environment's Tft__Device.", HelpName = "NAME" };
        var checkpoints = new Option<string?>(Checkpoints) { Description = "Folder for checkpoints; beside the model folder without it.", HelpName = "DIR" };
        var stopWithInput = new Option<bool>(StopWithInput) { Description = "Ends when standard input does.", Hidden = true };
        var command = new Command("train", "Trains a model. A training that was stopped goes on where it was.") { data, output, parent, servers, networks, steps, near, nearSteps, futureInputs, batch, hidden, originStep, newcomers, stretch, wide, unusual, validation, schedule, seed, fit, threads, checkpointEvery, device, checkpoints, stopWithInput };
        foreach (var option in new[] { steps, nearSteps, futureInputs, batch, hidden, originStep, threads, checkpointEvery })
            OptionRanges.AtLeast(option, 1);
        OptionRanges.AtLeast(networks, 0);
        OptionRanges.AtLeast(near, 0);
        OptionRanges.AtLeast(validation, 0);
        OptionRanges.Share(fit);
        OptionRanges.From0To1(newcomers);
        command.Validators.Add(result =>
        {
            if (result.GetValue(near) > 0 && result.GetValue(networks) == 0)
                result.AddError("--near needs --networks: those for the next hour stand beside others.");
            if (result.GetValue(futureInputs) > NetworkShape.MostFutureInputs)
                result.AddError($"--future-inputs is at most {NetworkShape.MostFutureInputs}.");
            if (result.GetValue(schedule) == LearningRateSchedule.Plateau && result.GetValue(validation) == 0)
                result.AddError("--schedule plateau needs --validation DAYS: it is the loss on them that stalls.");
        });
        command.SetAction((result, cancellation) => Task.Run(() =>
        {
            var options = defaults with
            {
                Networks = result.GetValue(networks),
                Steps = result.GetValue(steps),
                NearNetworks = result.GetValue(near),
                NearSteps = result.GetValue(nearSteps),
                FutureInputs = result.GetValue(futureInputs),
                Batch = result.GetValue(batch),
                Hidden = result.GetValue(hidden),
                OriginStep = result.GetValue(originStep),
                NewcomerShare = result.GetValue(newcomers),
                Unusual = result.GetValue(unusual),
                WideHead = result.GetValue(wide),
                Recipe = defaults.Recipe with { Stretch = result.GetValue(stretch) },
                Seed = result.GetValue(seed),
                Threads = result.GetValue(threads),
                ValidationDays = result.GetValue(validation),
                Schedule = result.GetValue(schedule),
                CheckpointEvery = result.GetValue(checkpointEvery),
            };
            try
            {
                if (result.GetValue(parent) is { } before)
                {
                    var given = new Option[] { networks, near, futureInputs, hidden, stretch, wide }.Where(o => result.GetResult(o) is { Implicit: false }).Select(o => o.Name).ToArray();
                    if (given.Length > 0)
                        throw new InvalidDataException($"{string.Join(", ", given)}: with --from the model that is continued decides; leave it out.");
                    var (name, model) = ModelFolders.LoadNamed(before);
                    options = new ParentModel(name, model).Continue(options);
                }

                if (result.GetValue(stopWithInput))
                    WatchInput();
                var text = result.InvocationConfiguration.Output;
                var engine = DeviceEngine.Choose(result.GetValue(device) ?? Environment.GetEnvironmentVariable(ServingEngine.Setting.Replace(":", "__", StringComparison.Ordinal)), options.Threads);
                foreach (var line in engine.Report)
                    text.WriteLine(line);
                options = options with { Engine = engine.Engine };
                var (from, share, names) = (result.GetRequiredValue(data), result.GetValue(fit), SeriesFolder.Names(result.GetValue(servers)));
                var target = Target(result.GetRequiredValue(output), TimeProvider.System);
                if (Directory.Exists(target))
                    throw new IOException($"The folder '{target}' is there already.");
                IReadOnlyList<ServerSeries> Read(DirectoryInfo checkpoints) => ServiceHistory.Is(from)
                    ? ServiceHistory.Read(from, checkpoints, HistoryNeed.Of(options.NewcomerShare, options.ValidationDays, share), share, names, text, cancellation)
                    : SeriesFolder.Read(from, share, names);
                Run(Read, ServiceHistory.Is(from) ? ServiceHistory.Name(from) : Path.GetFileName(Path.TrimEndingDirectorySeparator(from)), target, result.GetValue(checkpoints), options, text, cancellation);
                return 0;
            }
            catch (OperationCanceledException)
            {
                result.InvocationConfiguration.Error.WriteLine("Stopped; the same command goes on from here.");
                return 130;
            }
            catch (Exception e) when (e is InvalidDataException or InvalidOperationException or FormatException or IOException or UnauthorizedAccessException)
            {
                result.InvocationConfiguration.Error.WriteLine(e.Message);
                return 1;
            }
        }, CancellationToken.None));
        return command;
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
        var checkpoints = folder is null ? CheckpointFolder.Open(target, Name(data, options)) : CheckpointFolder.Open(folder);
        var series = read(checkpoints);
        if (options.Parent is { } parent && parent.Differences(Schema(series), series).ToArray() is { Length: > 0 } differences)
            throw new InvalidDataException($"The training cannot go on from '{parent.Name}': {string.Join("; ", differences)}. Train without --from.");
        text.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{series.Count} servers, {series.Sum(s => s.Metrics)} series, {series.Max(s => s.FitSteps) / Protocol.Day} days to fit on"));

        var bar = new ProgressLine(text, !Console.IsOutputRedirected, time);
        var parts = ModelTraining.Run(series, options with { Checkpoints = checkpoints.FullName }, (network, p) => bar.Report(network, options.Networks + options.NearNetworks, p),
            (network, step) => text.WriteLine($"network {network + 1} goes on at step {step}"), cancellation);
        var config = ModelConfig.Of(options.Shape, options.Networks, Schema(series), options.Recipe, parts.BandScale, options.NearNetworks);
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
        var model = new ForecastModel(config, parts.Recipe, parts.Networks, info, ServerMapping.Of(series.Select(s => s.Name), ServerId.FromName), ModelFolders.ContractVersion);
        model = model with { Info = ModelTrial.Run(model, series, options.NewcomerShare >= 0.5, target, options.Parent, options.Threads, text) };
        ModelFolder.Save(target, model);
        checkpoints.Delete(true);
        text.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{target}: trained in {info.DurationSeconds:F0} s"));
    }

    /// <summary>The metrics' names where all servers have the same; any metrics otherwise.</summary>
    private static IReadOnlyList<string> Schema(IReadOnlyList<ServerSeries> series) =>
        series.All(s => s.MetricNames.SequenceEqual(series[0].MetricNames)) ? series[0].MetricNames : [];

    private static string Name(string data, ModelTrainingOptions o) => string.Create(CultureInfo.InvariantCulture,
        $"{data.Replace(':', '_')}-{o.Networks}x{o.Hidden}-{o.Steps}x{o.Batch}-{o.OriginStep}{(o.NewcomerShare > 0 ? $"-newcomers{o.NewcomerShare}" : "")}{(o.NearNetworks > 0 ? $"-near{o.NearNetworks}x{o.NearSteps}" : "")}{(o.FutureInputs < NetworkShape.MostFutureInputs ? $"-inputs{o.FutureInputs}" : "")}{(o.Recipe.Stretch ? "-stretch" : "")}{(o.WideHead ? "-wide" : "")}{(o.Unusual ? "-unusual" : "")}{(o.ValidationDays > 0 ? $"-validation{o.ValidationDays}-{o.Schedule}" : "")}-seed{o.Seed}{(o.Parent is { } parent ? $"-from-{parent.Name}" : "")}");
}
