namespace Tft.Dashboard.Explain;

/// <summary>A line of a table of weights.</summary>
/// <param name="Name">On the wire.</param>
/// <param name="Label">In words.</param>
/// <param name="Weight">A share of 0..1, or a signed weight.</param>
public sealed record WeightRow(string Name, string Label, double Weight)
{
    /// <summary>Largest first, by size whatever the sign; ties by name, so that rows do not jump about.</summary>
    public static IReadOnlyList<WeightRow> Of(IReadOnlyDictionary<string, double> weights, Func<string, string> label) =>
        [.. weights.Select(w => new WeightRow(w.Key, label(w.Key), w.Value)).OrderByDescending(r => Math.Abs(r.Weight)).ThenBy(r => r.Name, StringComparer.Ordinal)];
}
