using System.Text.Json;
using System.Text.Json.Serialization;
using Tft.Adapters.Cursors;
using Tft.Adapters.Simulation;
using Tft.Adapters.Simulation.Incidents;
using Tft.ServiceDefaults.Files;

namespace Tft.Adapters.Sources.Simulator;

/// <summary>Switches the scenario of the running fleet, and keeps what was switched when, so that a restart goes on in it.</summary>
internal sealed class ScenarioSwitch
{
    private readonly SimulatedFleet _fleet;
    private readonly SimulationClock _clock;
    private readonly string _path;
    private readonly Lock _lock = new();

    public ScenarioSwitch(SimulatedFleet fleet, SimulationClock clock, string path)
    {
        _fleet = fleet;
        _clock = clock;
        _path = path;
        if (!File.Exists(path))
            return;
        try
        {
            foreach (var entry in JsonSerializer.Deserialize(File.ReadAllBytes(path), ScenarioJson.Default.IReadOnlyListScenarioState) ?? [])
                _fleet.Timeline = _fleet.Timeline.Switch(entry.Since.ToUnixTimeMilliseconds() / 1000.0, entry.Scenario);
        }
        catch (JsonException e)
        {
            throw new CursorException($"The scenario file {path} is damaged ({e.Message}); delete it to begin with the configured scenario.", e);
        }
    }

    public ScenarioState Current
    {
        get
        {
            var last = _fleet.Timeline.Entries[^1];
            return new ScenarioState(last.Scenario, Time(last.Since));
        }
    }

    public ScenarioState Switch(Scenario scenario)
    {
        lock (_lock)
        {
            var since = _clock.Now;
            var timeline = _fleet.Timeline.Switch(since.ToUnixTimeMilliseconds() / 1000.0, scenario);
            IReadOnlyList<ScenarioState> kept = [.. timeline.Entries.Skip(1).TakeLast(100).Select(e => new ScenarioState(e.Scenario, Time(e.Since)))];
            AtomicFile.Write(_path, JsonSerializer.SerializeToUtf8Bytes(kept, ScenarioJson.Default.IReadOnlyListScenarioState));
            _fleet.Timeline = timeline;
            return Current;
        }
    }

    private static DateTimeOffset Time(double seconds) =>
        seconds == double.MinValue ? DateTimeOffset.UnixEpoch : DateTimeOffset.FromUnixTimeMilliseconds((long)(seconds * 1000));
}

/// <summary>A scenario and when it began; the epoch: from the beginning.</summary>
internal sealed record ScenarioState(Scenario Scenario, DateTimeOffset Since);

/// <summary>Body of POST /scenario.</summary>
internal sealed record ScenarioRequest(Scenario Scenario);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UseStringEnumConverter = true, PropertyNameCaseInsensitive = true)]
[JsonSerializable(typeof(ScenarioState))]
[JsonSerializable(typeof(ScenarioRequest))]
[JsonSerializable(typeof(IReadOnlyList<ScenarioState>))]
internal sealed partial class ScenarioJson : JsonSerializerContext;
