using System.Text.Json.Serialization;
using Tft.Forecasting.Evaluation;

namespace Tft.Forecasting.Models;

/// <summary>training_info.json of a model folder: how the model came about.</summary>
public sealed record TrainingInfo
{
    [JsonPropertyName("created")]
    public required DateTimeOffset Created { get; init; }

    [JsonPropertyName("data")]
    public required string Data { get; init; }

    [JsonPropertyName("servers")]
    public required int Servers { get; init; }

    [JsonPropertyName("series")]
    public required int Series { get; init; }

    [JsonPropertyName("seed")]
    public required int Seed { get; init; }

    [JsonPropertyName("steps")]
    public required int Steps { get; init; }

    [JsonPropertyName("batch")]
    public required int Batch { get; init; }

    [JsonPropertyName("epochs")]
    public required double Epochs { get; init; }

    /// <summary>Training loss of each network at its end.</summary>
    [JsonPropertyName("losses")]
    public required IReadOnlyList<double> Losses { get; init; }

    /// <summary>Share of the windows at which the networks saw a server as one of which a day is known; null in a model that is older than the field.</summary>
    [JsonPropertyName("newcomer_share")]
    public double? NewcomerShare { get; init; }

    /// <summary>Days at the end of the fit part that decided when a network's training stopped; 0 for none.</summary>
    [JsonPropertyName("validation_days")]
    public int ValidationDays { get; init; }

    /// <summary>Folder name of the model that it continues; null where it began from nothing.</summary>
    [JsonPropertyName("parent")]
    public string? Parent { get; init; }

    /// <summary>Tells data apart (<see cref="Tft.Forecasting.Data.SeriesHash"/>); this and what follows is null in a model that is older than the field.</summary>
    [JsonPropertyName("data_hash")]
    public string? DataHash { get; init; }

    /// <summary>The last five-minute step that it was fitted on, of any server: what comes after it is new to it.</summary>
    [JsonPropertyName("fit_until_step")]
    public long? FitUntilStep { get; init; }

    /// <summary>Days that it was fitted on, summed over servers, those of its parents included.</summary>
    [JsonPropertyName("server_days")]
    public double? ServerDays { get; init; }

    /// <summary>How the learning rate fell; null in a model that is older than the field.</summary>
    [JsonPropertyName("schedule")]
    public string? Schedule { get; init; }

    /// <summary>Lowest loss of each network on those days; null, as the steps done, in a model that is older than the field.</summary>
    [JsonPropertyName("validation_losses")]
    public IReadOnlyList<double?>? ValidationLosses { get; init; }

    /// <summary>Steps that each network was trained, at most <see cref="Steps"/>.</summary>
    [JsonPropertyName("steps_done")]
    public IReadOnlyList<int>? StepsDone { get; init; }

    [JsonPropertyName("engine")]
    public required string Engine { get; init; }

    [JsonPropertyName("duration_seconds")]
    public required double DurationSeconds { get; init; }

    /// <summary>The states that the data contract knew.</summary>
    [JsonPropertyName("unique_states")]
    public required IReadOnlyList<string> UniqueStates { get; init; }

    /// <summary>The table on the part that was not fitted on; null where there is none.</summary>
    [JsonPropertyName("evaluation")]
    public ScoreTable? Evaluation { get; init; }

    /// <summary>The same of the base alone.</summary>
    [JsonPropertyName("evaluation_base")]
    public ScoreTable? EvaluationBase { get; init; }

    /// <summary>Comparison with seasonal naive and with the active model; null where there was nothing to test on.</summary>
    [JsonPropertyName("promotion")]
    public Promotion? Promotion { get; init; }

    /// <summary>Whether the model may serve without being asked for: what was never compared may.</summary>
    [JsonIgnore]
    public bool Promoted => Promotion?.Promoted ?? true;
}

/// <summary>server_mapping.json: labels of the servers; a label may have several names.</summary>
public sealed record ServerMapping
{
    [JsonPropertyName("name_to_id")]
    public required IReadOnlyDictionary<string, string> NameToId { get; init; }

    [JsonPropertyName("id_to_name")]
    public required IReadOnlyDictionary<string, IReadOnlyList<string>> IdToName { get; init; }

    /// <summary>The mapping of these names.</summary>
    public static ServerMapping Of(IEnumerable<string> names, Func<string, string> idOf)
    {
        var pairs = names.Select(n => (Name: n, Id: idOf(n))).ToArray();
        return new ServerMapping
        {
            NameToId = pairs.ToDictionary(p => p.Name, p => p.Id),
            IdToName = pairs.GroupBy(p => p.Id).ToDictionary(g => g.Key, g => (IReadOnlyList<string>)[.. g.Select(p => p.Name)]),
        };
    }
}

[JsonSourceGenerationOptions(WriteIndented = true, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(ModelConfig))]
[JsonSerializable(typeof(TrainingInfo))]
[JsonSerializable(typeof(ServerMapping))]
internal sealed partial class ModelJson : JsonSerializerContext;
