using System.ComponentModel.DataAnnotations;

namespace Tft.Adapters.Loop;

/// <summary>Settings of the loop, the same for every source; section <c>Tft:Adapter</c>.</summary>
internal sealed class AdapterOptions
{
    public const string Section = "Tft:Adapter";

    /// <summary>
    /// Goes out as <c>X-Tft-Source</c> and names the cursor; with server and second it is the key of a sample, so it must not change
    /// between runs. Empty: the kind of source.
    /// </summary>
    [RegularExpression("[A-Za-z0-9._-]{0,100}")]
    public string Name { get; set; } = "";

    /// <summary>Seconds between two reads.</summary>
    [Range(0.1, 3600)]
    public double Interval { get; set; } = 5;

    /// <summary>Most records of one POST.</summary>
    [Range(1, 1000)]
    public int BatchSize { get; set; } = 1000;

    /// <summary>
    /// How late a row may appear in the source and still be read, in seconds; re-read once a minute. A server whose clock is two minutes slow is
    /// always two minutes late, and its rows need some time to get there.
    /// </summary>
    [Range(0, 900)]
    public double Overlap { get; set; } = 180;

    /// <summary>Hours of history that a server brings along on first contact; 0: none. With 336 (14 days) the service knows weeks of it at once.</summary>
    [Range(0, 1440)]
    public double Backfill { get; set; } = 25;

    /// <summary>Seconds until an unanswered POST counts as lost.</summary>
    [Range(0.1, 600)]
    public double Timeout { get; set; } = 30;

    /// <summary>Longest pause between two tries, in seconds.</summary>
    [Range(0.01, 600)]
    public double MaxRetryDelay { get; set; } = 30;

    /// <summary>Megabytes of refused batches that are kept for a person to look at.</summary>
    [Range(0, 10_000)]
    public double DeadLetterMegabytes { get; set; } = 64;

    /// <summary>Fetch once and end.</summary>
    public bool Once { get; set; }

    /// <summary>Show the mapping field by field.</summary>
    public bool Verbose { get; set; }

    /// <summary>Push nothing, move no cursor.</summary>
    public bool DryRun { get; set; }
}
