using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Tft.Forecasting.Data;

namespace Tft.Forecasting.Evaluation;

/// <summary>One row of the table: figures at one lead, or over all.</summary>
/// <param name="RelQl">Sum of the three pinball losses relative to seasonal naive, geometric mean over metrics and servers.</param>
/// <param name="RelMae">The same for the absolute error of p50.</param>
/// <param name="Cover80">Share of values inside [p10, p90], mean over metrics.</param>
/// <param name="Width">Mean band width relative to the in-sample error of seasonal naive.</param>
public sealed record ScoreRow(
    [property: JsonPropertyName("rel_ql")] double RelQl,
    [property: JsonPropertyName("rel_mae")] double RelMae,
    [property: JsonPropertyName("cover80")] double Cover80,
    [property: JsonPropertyName("width")] double Width);

/// <summary>The table of an evaluation.</summary>
public sealed record ScoreTable(
    [property: JsonPropertyName("servers")] IReadOnlyList<string> Servers,
    [property: JsonPropertyName("metrics")] int Metrics,
    [property: JsonPropertyName("crossed")] int Crossed,
    [property: JsonPropertyName("table")] IReadOnlyDictionary<string, ScoreRow> Rows)
{
    /// <summary>The leads of the table, counted from 0.</summary>
    public static IReadOnlyList<(string Name, int First, int Count)> Leads { get; } =
        [("30min", 5, 1), ("1h", 11, 1), ("4h", 47, 1), ("8h", 95, 1), ("all", 0, Protocol.Horizon)];

    /// <summary>The table over the scores of several servers.</summary>
    public static ScoreTable Of(IReadOnlyList<ServerScore> scores) => new(
        [.. scores.Select(s => s.Name)], scores.Sum(s => s.Metrics.Count), scores.Sum(s => s.Crossed),
        Leads.ToDictionary(l => l.Name, l => Row(scores, l.First, l.Count)));

    /// <summary>The figures over some leads.</summary>
    public static ScoreRow Row(IReadOnlyList<ServerScore> scores, int firstLead, int leads)
    {
        double ql = 0, mae = 0, cover = 0, width = 0;
        var metrics = 0;
        foreach (var score in scores)
        {
            for (var m = 0; m < score.Metrics.Count; m++)
            {
                ScoreSums ours = default, naive = default;
                for (var lead = firstLead; lead < firstLead + leads; lead++)
                {
                    ours.Add(score.Forecast[m, lead]);
                    naive.Add(score.Naive[m, lead]);
                }

                if (ours.Count == 0)
                    continue;
                ql += Math.Log((ours.Pinball + 1e-12) / (naive.Pinball + 1e-12));
                mae += Math.Log((ours.AbsoluteError + 1e-12) / (naive.AbsoluteError + 1e-12));
                cover += ours.Covered / ours.Count;
                width += ours.Width / ours.Count / score.DailyChange[m];
                metrics++;
            }
        }

        return new ScoreRow(Math.Exp(ql / metrics), Math.Exp(mae / metrics), cover / metrics, width / metrics);
    }

    /// <summary>The table as text.</summary>
    public string ToText()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{Servers.Count} servers, {Metrics} metrics kept, quantiles crossed in {Crossed} cells\n");
        text.Append("lead     rel_ql  rel_mae  cover80   width\n");
        foreach (var (name, row) in Rows)
            text.Append(CultureInfo.InvariantCulture, $"{name,-7} {row.RelQl,7:F3} {row.RelMae,8:F3} {row.Cover80,8:F3} {row.Width,7:F2}\n");
        return text.ToString();
    }

    /// <summary>The table as JSON, with the fields servers, metrics, crossed, table.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, EvaluationJson.Default.ScoreTable);
}

[JsonSourceGenerationOptions(WriteIndented = true)]
[JsonSerializable(typeof(ScoreTable))]
internal sealed partial class EvaluationJson : JsonSerializerContext;
