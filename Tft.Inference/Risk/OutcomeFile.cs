using System.Text.Json;
using System.Text.Json.Serialization;

namespace Tft.Inference.Risk;

/// <summary>Keeps the outcomes in <c>outcomes.json</c> of the data directory, so that a restart does not begin uncalibrated.</summary>
internal sealed partial class OutcomeFile(ProbabilityCalibration calibration, string folder, TimeProvider time, ILogger<OutcomeFile> logger)
    : BackgroundService
{
    public const string Name = "outcomes.json";

    private static readonly TimeSpan s_interval = TimeSpan.FromMinutes(5);

    private long _saved;

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        Load();
        return base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        SaveIfChanged();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(s_interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
            SaveIfChanged();
    }

    internal void Load()
    {
        var path = Path.Combine(folder, Name);
        try
        {
            if (!File.Exists(path))
                return;
            var saved = JsonSerializer.Deserialize(File.ReadAllBytes(path), SavedOutcomesJson.Default.SavedOutcomes);
            foreach (var (store, outcomes) in Stores().Zip(saved?.Stores ?? []))
            {
                foreach (var outcome in outcomes)
                    store.Add(outcome.Score, outcome.Happened);
            }

            _saved = Count();
        }
        catch (Exception e) when (e is IOException or JsonException or UnauthorizedAccessException)
        {
            // Calibration begins anew and says that it is uncalibrated.
            LogUnreadable(e.Message);
        }
    }

    internal void SaveIfChanged()
    {
        var count = Count();
        if (count == _saved)
            return;
        try
        {
            Directory.CreateDirectory(folder);
            var path = Path.Combine(folder, Name);
            var saved = new SavedOutcomes { Stores = [.. Stores().Select(s => s.Outcomes())] };
            File.WriteAllBytes(path + ".new", JsonSerializer.SerializeToUtf8Bytes(saved, SavedOutcomesJson.Default.SavedOutcomes));
            File.Move(path + ".new", path, overwrite: true);
            _saved = count;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogUnwritable(e.Message);
        }
    }

    private IEnumerable<OutcomeStore> Stores() => [calibration.Server30m, calibration.Server8h, calibration.Fleet30m, calibration.Fleet8h];

    private long Count() => Stores().Sum(s => s.Count);

    [LoggerMessage(EventId = 3301, Level = LogLevel.Warning, Message = "The outcomes file can't be read, calibration begins anew: {Reason}")]
    private partial void LogUnreadable(string reason);

    [LoggerMessage(EventId = 3302, Level = LogLevel.Warning, Message = "The outcomes file can't be written: {Reason}")]
    private partial void LogUnwritable(string reason);
}

/// <summary>Outcomes of the four stores, oldest first.</summary>
internal sealed record SavedOutcomes
{
    public IReadOnlyList<IReadOnlyList<Outcome>> Stores { get; init; } = [];
}

/// <param name="Score">Forecast probability.</param>
/// <param name="Happened">What came of it.</param>
internal readonly record struct Outcome(float Score, bool Happened);

[JsonSerializable(typeof(SavedOutcomes))]
internal sealed partial class SavedOutcomesJson : JsonSerializerContext;
