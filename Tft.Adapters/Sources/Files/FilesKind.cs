using System.CommandLine;
using System.Text.RegularExpressions;
using Tft.Adapters.Hosting;
using Tft.Adapters.Loop;
using Tft.Adapters.Mapping;

namespace Tft.Adapters.Sources.Files;

/// <summary><c>files</c>: CSV, JSON lines and logs that grow.</summary>
internal sealed class FilesKind : SourceKind
{
    public override string Name => "files";

    public override string Summary => "Growing files: CSV, JSON lines, logs by a pattern; safe under rotation and truncation.";

    public override IReadOnlyList<Option> Options { get; } =
    [
        new Option<string>("--path") { Description = "File, or a pattern with * and ?" },
        new Option<FileFormat>("--format") { Description = "auto, csv, jsonlines or log (auto: by the extension)" },
        new Option<string>("--delimiter") { Description = "Between the columns of a CSV file (,)" },
        new Option<string>("--pattern") { Description = "For logs: a regular expression whose named groups are the columns" },
        new Option<bool>("--from-end") { Description = "Leave what is in the files on first contact" },
        new Option<string>("--preset") { Description = $"Mapping without configuration: {string.Join(", ", MappingPresets.Names)} (tft)" },
    ];

    public override void Add(WebApplicationBuilder builder, AdapterOptions adapter)
    {
        var section = builder.Configuration.GetSection(Section);
        var plan = MappingPlan.Read(section.GetSection("Mapping"), section["Preset"] ?? "tft");
        var options = OptionsBinding.Bind<FilesOptions>(builder.Configuration, Section, "Mapping", "Preset");
        Check(options);
        builder.Services.AddSingleton<IMetricSource>(p => new FilesSource(
            options, new RecordMapper(plan, p.GetRequiredService<MappingTrace>()), TimeSpan.FromHours(adapter.Backfill), p.GetRequiredService<TimeProvider>()));
    }

    private void Check(FilesOptions options)
    {
        var format = LineParser.FormatOf(options.Path, options);
        if (format == FileFormat.Log && options.Pattern.Length == 0)
            throw new ConfigurationException([$"{Section}:Pattern: a log needs a pattern"]);
        try
        {
            _ = new Regex(options.Pattern);
        }
        catch (ArgumentException e)
        {
            throw new ConfigurationException([$"{Section}:Pattern: {e.Message}"]);
        }
    }
}
