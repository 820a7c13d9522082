using System.Text.Json.Serialization;
using Tft.Contract.Messages;
using Tft.Inference.Hosting;

namespace Tft.Inference.SelfWatch;

/// <summary>Keeps what fires and when the service was up in <c>self-watch.json</c> of the data directory.</summary>
internal sealed class SelfWatchFile(SystemAlertBook book, UptimeLog uptime, string folder, TimeProvider time, ILogger<SelfWatchFile> logger)
    : KeptFile<SavedSelfWatch>(Path.Combine(folder, Name), SelfWatchJson.Default.SavedSelfWatch, s_interval, time, logger)
{
    public const string Name = "self-watch.json";
    private static readonly TimeSpan s_interval = TimeSpan.FromMinutes(1);
    private readonly TimeProvider _time = time;

    /// <summary>Being up changes with every minute.</summary>
    protected override long Version => book.Version + (_time.GetUtcNow().ToUnixTimeSeconds() / (long)s_interval.TotalSeconds);

    protected override SavedSelfWatch State() => new() { Runs = uptime.Runs, Firing = book.Save() };

    protected override void Restore(SavedSelfWatch state)
    {
        uptime.Restore(state.Runs);
        book.Restore(state.Firing);
    }
}

internal sealed record SavedSelfWatch
{
    public IReadOnlyList<UpRun> Runs { get; init; } = [];
    public IReadOnlyList<SavedSystemAlert> Firing { get; init; } = [];
}

/// <param name="Subject">Of the rule.</param>
/// <param name="IsAnnounced">That it fires was said.</param>
/// <param name="Info">The alert.</param>
internal sealed record SavedSystemAlert(string Subject, bool IsAnnounced, AlertInfo Info);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(SavedSelfWatch))]
internal sealed partial class SelfWatchJson : JsonSerializerContext;
