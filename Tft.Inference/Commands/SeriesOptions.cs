using System.CommandLine;
using Tft.Forecasting.Data;

namespace Tft.Inference.Commands;

/// <summary>The options of every command that reads series: which, how much of each is fitted on, and by how many threads.</summary>
internal sealed class SeriesOptions
{
    /// <summary>Share of the time that is fitted on, where nothing else is said.</summary>
    public const double DefaultFit = 0.7;

    public SeriesOptions()
    {
        OptionRanges.Share(Fit);
        OptionRanges.AtLeast(Threads, 1);
    }

    public Option<string> Data { get; init; } = new("--data") { Description = "Folder of NAME.csv.gz or NAME.parquet, or of server_metrics.csv.gz or .parquet; or a Parquet file.", HelpName = "DIR", Required = true };
    public Option<string?> Servers { get; } = new("--servers") { Description = "Only these servers.", HelpName = "A,B,..." };
    public Option<double> Fit { get; } = new("--fit") { Description = "Share of the time that is fitted on, of a server_metrics table.", HelpName = "SHARE", DefaultValueFactory = static _ => DefaultFit };
    public Option<int> Threads { get; } = new("--threads") { Description = "Threads; they do not change the result.", HelpName = "N", DefaultValueFactory = static _ => 2 };

    /// <summary>Reads the series.</summary>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="InvalidDataException">It holds nothing to read, or something malformed.</exception>
    public IReadOnlyList<ServerSeries> Read(ParseResult result) => SeriesFolder.Read(result.GetRequiredValue(Data), result.GetValue(Fit), Names(result));

    /// <summary>The servers that are wanted; null for all.</summary>
    public IReadOnlyCollection<string>? Names(ParseResult result) => SeriesFolder.Names(result.GetValue(Servers));
}
