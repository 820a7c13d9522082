using System.Text.Json.Serialization;
using Tft.Inference.Hosting;

namespace Tft.Inference.Risk;

/// <summary>Keeps the outcomes in <c>outcomes.json</c> of the data directory, so that a restart does not begin uncalibrated.</summary>
internal sealed class OutcomeFile(ProbabilityCalibration calibration, string folder, TimeProvider time, ILogger<OutcomeFile> logger)
    : KeptFile<SavedOutcomes>(Path.Combine(folder, Name), SavedOutcomesJson.Default.SavedOutcomes, TimeSpan.FromMinutes(5), time, logger)
{
    public const string Name = "outcomes.json";

    protected override long Version => Stores().Sum(s => s.Count);

    protected override SavedOutcomes State() => new() { Stores = [.. Stores().Select(s => s.Outcomes())] };

    protected override void Restore(SavedOutcomes state)
    {
        foreach (var (store, outcomes) in Stores().Zip(state.Stores))
        {
            foreach (var outcome in outcomes)
                store.Add(outcome.Score, outcome.Happened);
        }
    }

    private IEnumerable<OutcomeStore> Stores() => [calibration.Server30m, calibration.Server8h, calibration.Fleet30m, calibration.Fleet8h];
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
