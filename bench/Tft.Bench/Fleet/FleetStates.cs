using Microsoft.Extensions.Logging.Abstractions;
using Tft.Bench.Parts;
using Tft.Contract.Metrics;
using Tft.Contract.Time;
using Tft.Forecasting.Models;
using Tft.Forecasting.State;
using Tft.Inference.Commands;
using Tft.Inference.State;

namespace Tft.Bench.Fleet;

/// <summary>States of a whole fleet, as if it had been renewed the day before: learned once, from two weeks of a server of every metric, and kept for each. The service reads them back as after a restart.</summary>
internal static class FleetStates
{
    private const int Days = 14;

    /// <summary>Writes them to where the service looks for them.</summary>
    /// <param name="folder">Its data directory.</param>
    /// <param name="modelFolder">The model that will forecast.</param>
    /// <param name="names">All servers.</param>
    /// <param name="lastStep">The last step that the states saw.</param>
    public static void Write(string folder, string modelFolder, string[] names, long lastStep)
    {
        var model = ModelFolder.Load(modelFolder, ModelFolders.ContractVersion, ModelFolders.States);
        Metric[] metrics = [.. MetricCatalog.All.Select(m => m.Id).Where(m => m != Metric.UptimeDays)];
        var steps = Days * TimeGrid.StepsPerDay;
        var first = lastStep + 1 - steps;
        var values = SimulatedDays.Make(metrics.Length, steps, first);
        var (tables, coefficients) = WeeksLearner.Learn(model, values, first, 0, steps) ?? throw new InvalidOperationException("No state could be learned.");
        var known = metrics.Aggregate((ushort)0, (all, m) => (ushort)(all | WeeksState.Bit(m)));
        var state = new WeeksState(known, (int)lastStep, Days, RecipeFingerprint.Of(model), (int)lastStep, tables, coefficients!);
        using var file = new StateFile(Path.Combine(folder, "state.tft"), NullLogger<StateFile>.Instance);
        file.Open(steps);
        foreach (var name in names)
            file.Save(name, state);
    }
}
