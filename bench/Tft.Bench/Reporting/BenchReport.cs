using System.Globalization;
using System.Text.Json;

namespace Tft.Bench.Reporting;

/// <summary>Figures as they come, on the terminal as a table and in a file for scripts.</summary>
internal sealed class BenchReport(TextWriter output)
{
    private readonly List<BenchResult> _results = [];

    /// <summary>Adds a figure and prints its row.</summary>
    public void Add(BenchResult result)
    {
        if (_results.Count == 0)
        {
            output.WriteLine($"{"name",-36} {"value",12} {"unit",-20} {"reference",12} {"ratio",7}  note");
        }

        _results.Add(result);
        output.WriteLine($"{result.Name,-36} {Number(result.Value),12} {result.Unit,-20} {Number(result.Reference),12} {Number(result.Ratio),7}  {result.Note}");
    }

    /// <summary>Writes all figures to a file, if one is wanted.</summary>
    public void Save(FileInfo? file)
    {
        if (file is not null)
        {
            File.WriteAllText(file.FullName, JsonSerializer.Serialize(_results, BenchResultJson.Default.ListBenchResult));
        }
    }

    private static string Number(double? value) => value is not { } number ? "-"
        : Math.Abs(number) is >= 0.01 and < 1e7 ? number.ToString(Math.Abs(number) >= 100 ? "N0" : "0.###", CultureInfo.InvariantCulture)
        : number.ToString("0.0e0", CultureInfo.InvariantCulture);
}
