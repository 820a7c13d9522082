using System.Globalization;
using System.Numerics;
using Microsoft.Extensions.Options;
using Tft.Forecasting.Engines.Gpu;
using Tft.Inference.Forecasts;
using Tft.Inference.Forecasts.Snapshots;
using Tft.ServiceDefaults.Hosting;

namespace Tft.Inference.Models;

/// <summary>Which model forecasts, and where models lie.</summary>
/// <param name="Choice"><c>Tft:Model</c>: <c>latest</c> (default), <c>none</c>, or a model folder.</param>
/// <param name="Directory"><c>Tft:ModelsDirectory</c>: the folder of model folders.</param>
/// <param name="Workers"><c>Tft:ForecastWorkers</c>: threads that forecast side by side.</param>
/// <param name="Watch"><c>Tft:ModelWatch</c>: how often the folder is looked at; zero for never.</param>
/// <param name="Windows">Windows that a worker gives a network at once.</param>
internal sealed record ModelOptions(string Choice, string Directory, int Workers, TimeSpan Watch, int Windows = ModelOptions.UsualWindows)
{
    /// <summary>On the processor: as many as stay in its caches.</summary>
    public const int UsualWindows = 64;

    public const string Latest = "latest";
    public const string None = "none";
    private const int MostWorkers = 4;

    /// <summary>True where the newest valid folder is wanted, now and later.</summary>
    public bool FollowsLatest => Choice == Latest;

    /// <summary>Servers of a batch: so many, up to a block, that each worker's windows, a metric of a server each, come to what a network is given at once.</summary>
    public int Servers => Math.Clamp((int)BitOperations.RoundUpToPowerOf2((uint)(Workers * Windows / ForecastShape.Metrics)), ForecastBatch.UsualCapacity, SnapshotBlock.Size);

    /// <param name="configuration">The settings.</param>
    /// <param name="profile">Of the graphics processor that computes; null: none does.</param>
    /// <exception cref="OptionsValidationException">Says every wrong key.</exception>
    public static ModelOptions Read(IConfiguration configuration, GpuProfile? profile = null)
    {
        List<string> faults = [];
        // a core is left to requests: with all at work a small batch waits for the scheduler's ticks, 8 ms instead of 2 at the 99th percentile
        var workers = Math.Clamp(Environment.ProcessorCount - 1, 1, profile?.InferenceWorkers ?? MostWorkers);
        if (configuration["Tft:ForecastWorkers"] is { Length: > 0 } count
            && (!int.TryParse(count, CultureInfo.InvariantCulture, out workers) || workers is < 1 or > 64))
        {
            faults.Add($"Tft:ForecastWorkers is '{count}'; it must be a whole number from 1 to 64.");
        }

        var watch = TimeSpan.FromSeconds(10);
        if (configuration["Tft:ModelWatch"] is { Length: > 0 } text
            && (!TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out watch) || watch < TimeSpan.Zero))
        {
            faults.Add($"Tft:ModelWatch is '{text}'; it must be a time, for example 00:00:10, or 0 for never.");
        }

        if (faults.Count > 0)
            throw new OptionsValidationException(nameof(ModelOptions), typeof(ModelOptions), faults);
        var choice = configuration["Tft:Model"] is { Length: > 0 } chosen ? chosen : Latest;
        var directory = configuration["Tft:ModelsDirectory"] is { Length: > 0 } configured ? configured : DefaultDirectory();
        return new ModelOptions(choice, Path.GetFullPath(directory), workers, watch, profile?.InferenceBatch ?? UsualWindows);
    }

    /// <summary><c>models/</c> of the checkout, or beside the installed service.</summary>
    private static string DefaultDirectory() =>
        Path.Combine(SolutionRoot.Find(System.IO.Directory.GetCurrentDirectory()) ?? SolutionRoot.Find(AppContext.BaseDirectory) ?? AppContext.BaseDirectory, "models");
}
