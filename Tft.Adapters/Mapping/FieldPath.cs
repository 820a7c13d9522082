namespace Tft.Adapters.Mapping;

/// <summary>
/// Where a value stands in a row: <c>cpu.pct</c>, <c>system.cpu.user.norm.pct</c>, <c>metrics[0].value</c>. A name that itself holds
/// dots (<c>host.name</c> as one key) is found as well.
/// </summary>
internal sealed class FieldPath
{
    private FieldPath(string text, IReadOnlyList<Step> steps)
    {
        Text = text;
        Steps = steps;
    }

    /// <param name="Name">Key of an object; null: an index.</param>
    public readonly record struct Step(string? Name, int Index);

    public string Text { get; }

    public IReadOnlyList<Step> Steps { get; }

    /// <exception cref="FormatException">An empty name or an index that is none.</exception>
    public static FieldPath Parse(string text)
    {
        var steps = new List<Step>();
        foreach (var part in text.Split('.'))
        {
            var bracket = part.IndexOf('[', StringComparison.Ordinal);
            var name = bracket < 0 ? part : part[..bracket];
            if (name.Length == 0 && (bracket < 0 || steps.Count > 0))
                throw new FormatException($"'{text}' is not a path: a name is empty");
            if (name.Length > 0)
                steps.Add(new Step(name, 0));
            for (var rest = bracket < 0 ? "" : part[bracket..]; rest.Length > 0;)
            {
                var close = rest.IndexOf(']', StringComparison.Ordinal);
                if (rest[0] != '[' || close < 0 || !int.TryParse(rest.AsSpan(1, close - 1), out var index) || index < 0)
                    throw new FormatException($"'{text}' is not a path: '{rest}' is not an index");
                steps.Add(new Step(null, index));
                rest = rest[(close + 1)..];
            }
        }

        return new FieldPath(text, steps);
    }

    public override string ToString() => Text;
}
