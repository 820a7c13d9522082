using System.CommandLine;
using System.CommandLine.Parsing;
using Tft.Forecasting.Engines.Gpu;
using Tft.Forecasting.Models;
using Tft.Forecasting.Recipe.Corrections;
using Tft.Forecasting.Training;

namespace Tft.Inference.Commands.Train;

/// <summary>The options of <c>train</c>: their help, their ranges, and what they say.</summary>
internal sealed class TrainOptions
{
    /// <summary>Option: where checkpoints are kept, instead of beside the target.</summary>
    public const string CheckpointsName = "--checkpoints";

    /// <summary>Option: ends when standard input does, so with whoever started it.</summary>
    public const string StopWithInputName = "--stop-with-input";

    private static readonly ModelTrainingOptions s_defaults = new();

    public SeriesOptions Series { get; } = new()
    {
        Data = new("--data") { Description = "Folder of NAME.csv.gz or NAME.parquet, or of server_metrics.csv.gz or .parquet; or a Parquet file; or the address of a running service, for its history.", HelpName = "DIR|URL", Required = true },
    };

    public Option<string> Output { get; } = new("--out") { Description = "Model folder to write; a folder that ends in a slash gets tft_model_YYYYMMDD_HHMMSS.", HelpName = "DIR", Required = true };
    public Option<string?> Parent { get; } = new("--from") { Description = "Goes on from this model with what it has not seen; or from the newest promoted of a folder of models.", HelpName = "DIR" };
    public Option<string?> Device { get; } = new("--device") { Description = "auto, cpu, cuda or cuda:N, as Tft:Device; without it the environment's Tft__Device.", HelpName = "NAME" };
    public Option<string?> Checkpoints { get; } = new(CheckpointsName) { Description = "Folder for checkpoints; beside the model folder without it.", HelpName = "DIR" };
    public Option<bool> StopWithInput { get; } = new(StopWithInputName) { Description = "Ends when standard input does.", Hidden = true };

    private readonly Option<int> _networks = Number("--networks", "Networks whose mean is the forecast.", s_defaults.Networks, least: 0);
    private readonly Option<int> _steps = Number("--steps", "Steps of a network's training.", s_defaults.Steps);
    private readonly Option<int> _near = Number("--near", "Networks for the next hour beside them: cheap, so that they learn from more windows.", s_defaults.NearNetworks, least: 0);
    private readonly Option<int> _nearSteps = Number("--near-steps", "Steps of the training of each of these.", s_defaults.NearSteps);
    private readonly Option<int> _trees = Number("--trees", "Boosted trees that correct the base beside the networks for the next hour; 0 for none.", s_defaults.Trees, least: 0);
    private readonly Option<int> _hidden = Number("--hidden", "Width of the network.", s_defaults.Hidden);
    private readonly Option<int> _futureInputs = Number("--future-inputs", "The networks take the first so many of the inputs of the future.", s_defaults.FutureInputs);
    private readonly Option<bool> _wide = new("--wide-head") { Description = "The networks can say very large corrections, as the first hour of an incident needs." };
    private readonly Option<bool> _stretch = new("--stretch") { Description = "A metric that has left its usual range for good is seen in a larger unit; without it, clipped." };
    private readonly Option<int> _batch = Number("--batch", "Windows of a step.", s_defaults.Batch);
    private readonly Option<int> _originStep = Number("--origin-step", "Steps between two origins that are trained on.", s_defaults.OriginStep);
    private readonly Option<double> _newcomers = new("--newcomers") { Description = "Share of the origins at which the networks see a server as one of which one day is known; at the others they see tables from its other days.", HelpName = "SHARE", DefaultValueFactory = static _ => s_defaults.NewcomerShare };
    private readonly Option<bool> _unusual = new("--unusual") { Description = "Trains on every origin before which a metric was far from usual for an hour, not only on one in --origin-step: incidents are rare." };
    private readonly Option<int> _validation = Number("--validation", "Days at the end of the fit part that decide when a network's training stops; 0: all steps.", s_defaults.ValidationDays, least: 0, unit: "DAYS");
    private readonly Option<LearningRateSchedule> _schedule = new("--schedule") { Description = "How the learning rate falls: cosine, or plateau (halved when the loss on the validation days stalls) or constant.", HelpName = "NAME", DefaultValueFactory = static _ => s_defaults.Schedule };
    private readonly Option<int> _seed = new("--seed") { Description = "Seed; the same data, seed and options give the same model.", HelpName = "N", DefaultValueFactory = static _ => s_defaults.Seed };
    private readonly Option<int> _checkpointEvery = Number("--checkpoint-every", "Steps from checkpoint to checkpoint; they do not change the result.", s_defaults.CheckpointEvery);

    /// <summary>Adds them to the command, in the order of its help, with what has to hold between them.</summary>
    public void AddTo(Command command)
    {
        Option[] all =
        [
            Series.Data, Output, Parent, Series.Servers, Series.Fit, _networks, _steps, _near, _nearSteps, _trees, _hidden, _futureInputs, _wide, _stretch, _batch, _originStep, _newcomers, _unusual,
            _validation, _schedule, _seed, Series.Threads, Device, _checkpointEvery, Checkpoints, StopWithInput,
        ];
        foreach (var option in all)
            command.Options.Add(option);
        OptionRanges.From0To1(_newcomers);
        command.Validators.Add(Check);
    }

    /// <summary>How to train.</summary>
    public ModelTrainingOptions Read(ParseResult result) => s_defaults with
    {
        Networks = result.GetValue(_networks),
        Steps = result.GetValue(_steps),
        NearNetworks = result.GetValue(_near),
        NearSteps = result.GetValue(_nearSteps),
        Trees = result.GetValue(_trees),
        FutureInputs = result.GetValue(_futureInputs),
        Batch = result.GetValue(_batch),
        Hidden = result.GetValue(_hidden),
        OriginStep = result.GetValue(_originStep),
        NewcomerShare = result.GetValue(_newcomers),
        Unusual = result.GetValue(_unusual),
        WideHead = result.GetValue(_wide),
        Recipe = s_defaults.Recipe with { Stretch = result.GetValue(_stretch) },
        Seed = result.GetValue(_seed),
        Threads = result.GetValue(Series.Threads),
        ValidationDays = result.GetValue(_validation),
        Schedule = result.GetValue(_schedule),
        CheckpointEvery = result.GetValue(_checkpointEvery),
    };

    /// <summary>Threads: as many as the profile of a graphics processor has workers, for they prepare its batches, where nothing else is said.</summary>
    public int Threads(ParseResult result, GpuProfile? profile) => profile is not null && result.GetResult(Series.Threads) is not { Implicit: false }
        ? Math.Min(profile.Workers, Environment.ProcessorCount)
        : result.GetValue(Series.Threads);

    /// <summary>Names of the given options that a model which is continued decides.</summary>
    public string[] OfTheParent(ParseResult result) =>
        [.. new Option[] { _networks, _near, _trees, _futureInputs, _hidden, _stretch, _wide }.Where(o => result.GetResult(o) is { Implicit: false }).Select(o => o.Name)];

    private void Check(CommandResult result)
    {
        if (result.GetValue(_near) > 0 && result.GetValue(_networks) == 0)
            result.AddError("--near needs --networks: those for the next hour stand beside others.");
        if (result.GetValue(_trees) > 0 && result.GetValue(_networks) == 0)
            result.AddError("--trees needs --networks: trees correct beside them.");
        if (result.GetValue(_futureInputs) > NetworkShape.MostFutureInputs)
            result.AddError($"--future-inputs is at most {NetworkShape.MostFutureInputs}.");
        if (result.GetValue(_schedule) == LearningRateSchedule.Plateau && result.GetValue(_validation) == 0)
            result.AddError("--schedule plateau needs --validation DAYS: it is the loss on them that stalls.");
    }

    private static Option<int> Number(string name, string description, int value, int least = 1, string unit = "N")
    {
        var option = new Option<int>(name) { Description = description, HelpName = unit, DefaultValueFactory = _ => value };
        OptionRanges.AtLeast(option, least);
        return option;
    }
}
