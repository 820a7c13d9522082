using System.Globalization;
using Microsoft.Extensions.Options;
using Tft.Inference.Models;
using Tft.ServiceDefaults.Hosting;

namespace Tft.Inference.Training;

/// <summary>What jobs may take.</summary>
/// <param name="Directory"><c>Tft:TrainingDirectory</c>: folders of data that a job may name; by default <c>training/data</c> of the data directory.</param>
/// <param name="WorkDirectory">Where a job keeps its data and checkpoints as long as it runs.</param>
/// <param name="Threads"><c>Tft:TrainingThreads</c>: threads of a job, by default half of the processors.</param>
/// <param name="MostTime"><c>Tft:TrainingHours</c> (12): a job that takes longer is ended.</param>
/// <param name="Log">Where trainings are kept over a restart.</param>
/// <param name="Device"><c>Tft:Device</c>, also for jobs; null: auto.</param>
internal sealed record TrainingOptions(string Directory, string WorkDirectory, int Threads, TimeSpan MostTime, string Log, string? Device)
{
    /// <exception cref="OptionsValidationException">Says every wrong key.</exception>
    public static TrainingOptions Read(IConfiguration configuration)
    {
        List<string> faults = [];
        var root = Path.Combine(DataDirectory.Resolve(configuration), "training");
        var directory = configuration["Tft:TrainingDirectory"] is { Length: > 0 } configured ? Path.GetFullPath(configured) : Path.Combine(root, "data");
        var threads = Number(configuration, "Tft:TrainingThreads", Math.Max(1, Environment.ProcessorCount / 2), 256, faults);
        var hours = Number(configuration, "Tft:TrainingHours", 12, 24 * 7, faults);
        return faults.Count == 0
            ? new TrainingOptions(directory, Path.Combine(root, "jobs"), threads, TimeSpan.FromHours(hours), Path.Combine(root, "trainings.json"), configuration[ServingEngine.Setting])
            : throw new OptionsValidationException(nameof(TrainingOptions), typeof(TrainingOptions), faults);
    }

    private static int Number(IConfiguration configuration, string key, int otherwise, int most, List<string> faults)
    {
        if (configuration[key] is not { Length: > 0 } text)
            return otherwise;
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number < 1 || number > most)
            faults.Add($"{key} is '{text}'; it must be a whole number from 1 to {most}.");
        return number;
    }
}
