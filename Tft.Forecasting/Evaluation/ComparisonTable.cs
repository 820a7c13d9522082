using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Tft.Forecasting.Evaluation;

/// <summary>Several forecasts of the same servers, a line each: loss relative to seasonal naive at each lead, and in brackets the coverage of the 80 % band.</summary>
public sealed class ComparisonTable
{
    private const int NameWidth = 32;
    private readonly Dictionary<string, ScoreTable> _tables = new(StringComparer.Ordinal);

    /// <summary>The line above the others, with its end.</summary>
    public static string Heading { get; } = Line("rel_ql (cover80)", ScoreTable.Leads.Select(l => l.Name));

    /// <summary>Adds a forecast.</summary>
    /// <returns>Its line, with its end.</returns>
    public string Add(string name, ScoreTable table)
    {
        _tables.Add(name, table);
        return Line(name, table.Rows.Values.Select(r => string.Create(CultureInfo.InvariantCulture, $"{r.RelQl:F3} ({r.Cover80:F2})")));
    }

    /// <summary>All tables by name, each with the fields servers, metrics, crossed, table.</summary>
    public string ToJson() => JsonSerializer.Serialize(_tables, ComparisonJson.Default.DictionaryStringScoreTable);

    private static string Line(string name, IEnumerable<string> cells) =>
        new StringBuilder(name.PadRight(NameWidth)).AppendJoin("", cells.Select(c => c.PadLeft(14))).Append('\n').ToString();
}

[JsonSourceGenerationOptions(WriteIndented = true)]
[JsonSerializable(typeof(Dictionary<string, ScoreTable>))]
internal sealed partial class ComparisonJson : JsonSerializerContext;
