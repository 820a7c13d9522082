using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Tft.Adapters.Loop;

namespace Tft.Adapters.Hosting;

/// <summary><c>Tft.Adapters SOURCE [options]</c>. What the command line sets outranks the config file, which outranks the environment.</summary>
internal static class SourceCommand
{
    private static readonly Option<FileInfo?> s_config = new("--config") { Description = "JSON file with the source's settings, comments allowed", HelpName = "FILE" };
    private static readonly Option<double?> s_interval = new("--interval") { Description = "Seconds between two reads (5)" };
    private static readonly Option<bool> s_once = new("--once") { Description = "Read and push once, then end; exit code 1 if that failed" };
    private static readonly Option<bool> s_verbose = new("--verbose") { Description = "Show the mapping of the first records field by field" };
    private static readonly Option<bool> s_dryRun = new("--dry-run") { Description = "Read and show, push nothing, leave the cursor" };
    private static readonly Option<string?> s_name = new("--name") { Description = "Name of this adapter towards the service, where there are several of a kind" };
    private static readonly Option<string?> s_url = new("--url") { Description = "The inference service, for example http://localhost:8000" };

    /// <summary>--url is the service's and --version the program's, so the store's have other names.</summary>
    private static readonly Dictionary<string, string> s_keys = new(StringComparer.Ordinal) { ["--store"] = "Url", ["--version-of-store"] = "Version" };

    public static Command Create(SourceKind kind)
    {
        var command = new Command(kind.Name, kind.Summary) { s_config, s_interval, s_once, s_verbose, s_dryRun, s_name, s_url };
        foreach (var option in kind.Options)
            command.Options.Add(option);
        command.SetAction(async (result, cancellationToken) =>
        {
            try
            {
                var keys = Configuration(kind, result);
                return await AdapterHost.RunAsync(kind, keys, Console.Out, cancellationToken);
            }
            catch (ConfigurationException e)
            {
                foreach (var fault in e.Faults)
                    await Console.Error.WriteLineAsync(fault);
                return 2;
            }
        });
        return command;
    }

    /// <summary>The config file's keys, and over them what was given on the command line.</summary>
    private static Dictionary<string, string?> Configuration(SourceKind kind, ParseResult result)
    {
        var keys = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        if (result.GetValue(s_config) is { } file)
        {
            foreach (var (key, value) in AdapterConfigFile.Read(file.FullName, kind))
                keys[key] = value;
        }

        foreach (var option in kind.Options)
            Take(result, option, $"{kind.Section}:{s_keys.GetValueOrDefault(option.Name) ?? Pascal(option.Name)}", keys);
        Take(result, s_interval, $"{AdapterOptions.Section}:{nameof(AdapterOptions.Interval)}", keys);
        Take(result, s_name, $"{AdapterOptions.Section}:{nameof(AdapterOptions.Name)}", keys);
        Take(result, s_url, "Tft:InferenceUrl", keys);
        if (result.GetValue(s_once) || result.GetValue(s_dryRun))
            keys[$"{AdapterOptions.Section}:{nameof(AdapterOptions.Once)}"] = "true";
        if (result.GetValue(s_verbose))
            keys[$"{AdapterOptions.Section}:{nameof(AdapterOptions.Verbose)}"] = "true";
        if (result.GetValue(s_dryRun))
            keys[$"{AdapterOptions.Section}:{nameof(AdapterOptions.DryRun)}"] = "true";
        return keys;
    }

    private static void Take(ParseResult result, Option option, string key, Dictionary<string, string?> keys)
    {
        if (result.GetResult(option) is not OptionResult { Implicit: false } given)
            return;
        if (given.Tokens.Count <= 1)
        {
            keys[key] = given.Tokens is [var only] ? only.Value : "true";
            return;
        }

        for (var i = 0; i < given.Tokens.Count; i++)
            keys[$"{key}:{i.ToString(CultureInfo.InvariantCulture)}"] = given.Tokens[i].Value;
    }

    /// <summary>--start-hours-ago is StartHoursAgo.</summary>
    private static string Pascal(string option) =>
        string.Concat(option.TrimStart('-').Split('-').Select(word => char.ToUpperInvariant(word[0]) + word[1..]));
}
