using System.Globalization;
using Microsoft.Extensions.Options;
using Tft.Contract.Servers;
using Tft.Contract.Time;
using Tft.Inference.Journal;
using Tft.ServiceDefaults.Hosting;

namespace Tft.Inference.Feed;

/// <summary>Settings of feed, windows and journal; every wrong one is named with its key at start.</summary>
internal sealed class IngestOptions
{
    /// <summary><c>Tft:MaxServers</c>: new names beyond are refused.</summary>
    public int MaxServers { get; private set; } = 200_000;

    /// <summary><c>Tft:TimeZone</c>: IANA name.</summary>
    public FleetCalendar Calendar { get; private set; } = FleetCalendar.Utc;

    /// <summary><c>Tft:Durability</c>: process or disk.</summary>
    public Durability Durability { get; private set; }

    /// <summary><c>ConnectionStrings:redis</c>; null: the embedded journal.</summary>
    public string? Redis { get; private set; }

    /// <summary>Folder of the embedded journal.</summary>
    public string JournalDirectory { get; private set; } = "";

    /// <summary><c>Tft:Profiles</c>: a list of { prefix or regex, profile }; without one, the rules of the contract.</summary>
    public ProfileRules Profiles { get; private set; } = ProfileRules.Default;

    /// <summary><c>Tft:Feed:RecordsPerSecond</c> of one key; 0 for no limit.</summary>
    public int RecordsPerSecond { get; private set; } = 1_000_000;

    /// <summary><c>Tft:Feed:RequestsPerSecond</c> of one key; 0 for no limit.</summary>
    public int RequestsPerSecond { get; private set; } = 50_000;

    /// <summary><c>Tft:Feed:MaxInFlightMegabytes</c>: bodies being read at one time.</summary>
    public int MaxInFlightMegabytes { get; private set; } = 256;

    /// <summary><c>Tft:SnapshotInterval</c>.</summary>
    public TimeSpan SnapshotInterval { get; private set; } = TimeSpan.FromMinutes(5);

    /// <exception cref="OptionsValidationException">Says every wrong key.</exception>
    public static IngestOptions Read(IConfiguration configuration)
    {
        List<string> faults = [];
        var options = new IngestOptions
        {
            MaxServers = Int(configuration, "Tft:MaxServers", 200_000, 1, 10_000_000, faults),
            RecordsPerSecond = Int(configuration, "Tft:Feed:RecordsPerSecond", 1_000_000, 0, int.MaxValue, faults),
            RequestsPerSecond = Int(configuration, "Tft:Feed:RequestsPerSecond", 50_000, 0, int.MaxValue, faults),
            MaxInFlightMegabytes = Int(configuration, "Tft:Feed:MaxInFlightMegabytes", 256, 10, 1 << 20, faults),
            Redis = configuration.GetConnectionString("redis") is { Length: > 0 } redis ? redis : null,
            JournalDirectory = Path.Combine(DataDirectory.Resolve(configuration), "journal"),
        };
        options.Calendar = ReadCalendar(configuration["Tft:TimeZone"], faults);
        options.Durability = ReadDurability(configuration["Tft:Durability"], faults);
        options.Profiles = ReadProfiles(configuration.GetSection("Tft:Profiles"), faults);
        options.SnapshotInterval = ReadInterval(configuration["Tft:SnapshotInterval"], faults);
        return faults.Count == 0 ? options : throw new OptionsValidationException(nameof(IngestOptions), typeof(IngestOptions), faults);
    }

    private static int Int(IConfiguration configuration, string key, int otherwise, int min, int max, List<string> faults)
    {
        if (configuration[key] is not { Length: > 0 } text)
            return otherwise;
        if (int.TryParse(text, CultureInfo.InvariantCulture, out var value) && value >= min && value <= max)
            return value;
        faults.Add(string.Create(CultureInfo.InvariantCulture, $"{key} is '{text}'; it must be a whole number from {min} to {max}."));
        return otherwise;
    }

    private static FleetCalendar ReadCalendar(string? name, List<string> faults)
    {
        if (string.IsNullOrEmpty(name))
            return FleetCalendar.Utc;
        if (TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone))
            return new FleetCalendar(zone);
        faults.Add($"Tft:TimeZone is '{name}'; it must be an IANA time zone that this machine knows, for example Europe/Berlin.");
        return FleetCalendar.Utc;
    }

    private static Durability ReadDurability(string? text, List<string> faults)
    {
        switch (text)
        {
            case null or "" or "process":
                return Durability.Process;
            case "disk":
                return Durability.Disk;
            default:
                faults.Add($"Tft:Durability is '{text}'; it must be process or disk.");
                return Durability.Process;
        }
    }

    private static TimeSpan ReadInterval(string? text, List<string> faults)
    {
        var otherwise = TimeSpan.FromMinutes(5);
        if (string.IsNullOrEmpty(text))
            return otherwise;
        if (TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var interval) && interval >= TimeSpan.FromSeconds(1))
            return interval;
        faults.Add($"Tft:SnapshotInterval is '{text}'; it must be a time of one second or more, for example 00:05:00.");
        return otherwise;
    }

    private static ProfileRules ReadProfiles(IConfigurationSection section, List<string> faults)
    {
        List<ProfileRule> rules = [];
        foreach (var item in section.GetChildren())
        {
            if (!ServerProfiles.TryParse(item["profile"], out var profile))
                faults.Add($"{item.Path}:profile is '{item["profile"]}'; it must be one of {string.Join(", ", ServerProfiles.Names.Take((int)ServerProfile.Unknown))}.");
            else if (item["prefix"] is { Length: > 0 } prefix)
                rules.Add(ProfileRule.Prefix(prefix, profile));
            else if (item["regex"] is { Length: > 0 } pattern)
                AddPattern(item, pattern, profile, rules, faults);
            else
                faults.Add($"{item.Path} has neither prefix nor regex.");
        }

        return rules.Count == 0 ? ProfileRules.Default : new ProfileRules(rules);
    }

    private static void AddPattern(IConfigurationSection item, string pattern, ServerProfile profile, List<ProfileRule> rules, List<string> faults)
    {
        try
        {
            rules.Add(ProfileRule.Matching(pattern, profile));
        }
        catch (ArgumentException e)
        {
            faults.Add($"{item.Path}:regex is '{pattern}': {e.Message}");
        }
    }
}
