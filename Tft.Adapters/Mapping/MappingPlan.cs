using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Globalization;
using Tft.Adapters.Hosting;
using Tft.Contract.Metrics;

namespace Tft.Adapters.Mapping;

/// <summary>How the rows of a source become records: a preset, and over it what the configuration says field by field.</summary>
internal sealed record MappingPlan
{
    private static readonly string[] s_rowFields = ["timestamp", "server_name", "state", "profile"];
    private static readonly string[] s_keys = ["path", "paths", "scale", "unit", "offset", "constant", "default", "rename", "where", "rate", "combine", "series"];

    public required ImmutableDictionary<string, FieldRule> Fields { get; init; }

    /// <summary>Rows of one server within this many seconds are one record (stores that keep one kind of metric a row); 0: a row is a record.</summary>
    public int MergeSeconds { get; init; }

    /// <summary>All fields that can be mapped.</summary>
    public static FrozenSet<string> KnownFields { get; } = s_rowFields.Concat(MetricCatalog.All.Select(m => m.Name)).ToFrozenSet(StringComparer.Ordinal);

    /// <exception cref="ConfigurationException">Every fault of the section, each with its key.</exception>
    public static MappingPlan Read(IConfigurationSection section, string preset)
    {
        ArgumentNullException.ThrowIfNull(section);
        var faults = new List<string>();
        foreach (var child in section.GetChildren().Where(c => c.Key.ToLowerInvariant() is not ("preset" or "fields" or "mergeseconds" or "merge_seconds")))
            faults.Add($"{child.Path} is not a setting; there are preset, fields and merge_seconds");
        if (MappingPresets.Find(section["preset"] ?? preset) is not { } plan)
            throw new ConfigurationException([.. faults, $"{section.Path}:preset: '{section["preset"] ?? preset}' is none of {string.Join(", ", MappingPresets.Names)}"]);

        if ((section["merge_seconds"] ?? section["mergeseconds"]) is { } merge)
        {
            if (int.TryParse(merge, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds <= 300)
                plan = plan with { MergeSeconds = seconds };
            else
                faults.Add($"{section.Path}:merge_seconds: '{merge}' is not a number of seconds from 0 to 300");
        }

        foreach (var field in section.GetSection("fields").GetChildren())
        {
            if (!KnownFields.Contains(field.Key))
                faults.Add($"{field.Path}: the contract has no field '{field.Key}'; it has {string.Join(", ", KnownFields.Order(StringComparer.Ordinal))}");
            else if (Rule(field, faults) is { } rule)
                plan = plan with { Fields = plan.Fields.SetItem(field.Key, rule) };
        }

        return faults.Count == 0 ? plan : throw new ConfigurationException(faults);
    }

    private static FieldRule? Rule(IConfigurationSection field, List<string> faults)
    {
        var before = faults.Count;
        if (field.Value is { } only)
            return new FieldRule { Paths = Paths(field.Path, [only], faults) };
        foreach (var child in field.GetChildren().Where(c => !s_keys.Contains(c.Key, StringComparer.OrdinalIgnoreCase)))
            faults.Add($"{child.Path} is not a setting of a field; there are {string.Join(", ", s_keys)}");

        var scale = Number(field, "scale", 1, faults);
        if (field["unit"] is { } unit)
        {
            if (Units.Factor(unit) is { } factor)
                scale *= factor;
            else
                faults.Add($"{field.Path}:unit: '{unit}' is none of {string.Join(", ", Units.Names)}");
        }

        if (!Enum.TryParse<Combine>(field["combine"] ?? "last", ignoreCase: true, out var combine))
            faults.Add($"{field.Path}:combine: '{field["combine"]}' is none of last, sum, max");
        var texts = field["path"] is { } path ? [path] : field.GetSection("paths").GetChildren().Select(c => c.Value!).ToArray();
        if (texts.Length == 0 && field["constant"] is null && field["default"] is null)
            faults.Add($"{field.Path}: a path, paths or a constant is needed");
        var rule = new FieldRule
        {
            Paths = Paths(field.Path, texts, faults),
            Scale = scale,
            Offset = Number(field, "offset", 0, faults),
            Constant = field["constant"],
            Default = field["default"],
            Rename = field.GetSection("rename").GetChildren().ToImmutableDictionary(c => c.Key, c => c.Value ?? "", StringComparer.Ordinal),
            Where = [.. field.GetSection("where").GetChildren().Select(c => (FieldPath.Parse(c.Key), c.Value ?? ""))],
            Rate = string.Equals(field["rate"], "true", StringComparison.OrdinalIgnoreCase),
            Combine = combine,
            SeriesPath = field["series"] is { } series ? Paths(field.Path, [series], faults).FirstOrDefault() : null,
        };
        return faults.Count == before ? rule : null;
    }

    private static ImmutableArray<FieldPath> Paths(string key, string[] texts, List<string> faults)
    {
        var paths = ImmutableArray.CreateBuilder<FieldPath>();
        foreach (var text in texts)
        {
            try
            {
                paths.Add(FieldPath.Parse(text));
            }
            catch (FormatException e)
            {
                faults.Add($"{key}: {e.Message}");
            }
        }

        return paths.ToImmutable();
    }

    private static double Number(IConfigurationSection field, string key, double otherwise, List<string> faults)
    {
        if (field[key] is not { } text)
            return otherwise;
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number))
            return number;
        faults.Add($"{field.Path}:{key}: '{text}' is not a number");
        return otherwise;
    }
}
