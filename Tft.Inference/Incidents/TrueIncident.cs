using System.Text.Json;
using System.Text.Json.Serialization;

namespace Tft.Inference.Incidents;

/// <summary>An incident that is known to have happened: first signs, the incident proper from start to end.</summary>
/// <param name="ServerName">Where.</param>
/// <param name="Kind">Name of what went wrong.</param>
/// <param name="PrecursorStart">When its first signs could be measured.</param>
/// <param name="Start">When the incident proper begins.</param>
/// <param name="End">When it begins to recover.</param>
/// <param name="CausedBy">The server whose incident reached this one; null: its own.</param>
internal sealed record TrueIncident(
    string ServerName, string Kind, DateTimeOffset PrecursorStart, DateTimeOffset Start, DateTimeOffset End, string? CausedBy)
{
    public const string FileName = "incidents.json";

    /// <summary>What reports list it under: those that suffer from another server's incident see other signs than that one.</summary>
    [JsonIgnore]
    public string Group => CausedBy is null ? Kind : $"{Kind}, dependant";

    /// <summary>Reads <c>incidents.json</c> of a folder that <c>simulate</c> wrote.</summary>
    /// <exception cref="InvalidDataException">It is malformed; the text says where.</exception>
    public static IReadOnlyList<TrueIncident> Read(string folder)
    {
        var path = Path.Combine(folder, FileName);
        try
        {
            using var file = File.OpenRead(path);
            var all = JsonSerializer.Deserialize(file, IncidentJson.Default.TrueIncidentArray) ?? throw new InvalidDataException($"{FileName} is null.");
            return all.FirstOrDefault(i => !(i.PrecursorStart <= i.Start && i.Start <= i.End)) is { } wrong
                ? throw new InvalidDataException($"{FileName}: {wrong.Kind} of {wrong.ServerName} at {wrong.Start:O}: precursor_start, start and end must ascend.")
                : all;
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{FileName}: {e.Message}", e);
        }
    }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(TrueIncident[]))]
[JsonSerializable(typeof(IncidentReport))]
internal sealed partial class IncidentJson : JsonSerializerContext;
