using System.Collections.Immutable;

namespace Tft.Adapters.Mapping;

/// <summary>How rows of one record become one value where several have it: one network interface a row, one file system a row.</summary>
internal enum Combine
{
    Last,
    Sum,
    Max,
}

/// <summary>Where one field of a record comes from and what becomes of it: value x scale + offset.</summary>
internal sealed record FieldRule
{
    /// <summary>Looked at in this order; the first that a row has counts.</summary>
    public ImmutableArray<FieldPath> Paths { get; init; } = [];

    public double Scale { get; init; } = 1;

    public double Offset { get; init; }

    /// <summary>Instead of a path: the same for every row.</summary>
    public string? Constant { get; init; }

    /// <summary>Where nothing is found. Without one it stays missing.</summary>
    public string? Default { get; init; }

    /// <summary>Texts that are called otherwise here.</summary>
    public ImmutableDictionary<string, string> Rename { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>Only rows in which these paths have these texts.</summary>
    public ImmutableArray<(FieldPath Path, string Value)> Where { get; init; } = [];

    /// <summary>The value is a counter: what counts is its growth per second.</summary>
    public bool Rate { get; init; }

    public Combine Combine { get; init; }

    /// <summary>With <see cref="Rate"/> or a sum: what tells the counters of a server apart, such as the interface's name.</summary>
    public FieldPath? SeriesPath { get; init; }

    public static FieldRule From(params ReadOnlySpan<string> paths) => new() { Paths = [.. paths.ToArray().Select(FieldPath.Parse)] };

    public bool Applies(IRow row)
    {
        foreach (var (path, value) in Where)
        {
            if (!row.TryGet(path, out var cell) || cell.ToString() != value)
                return false;
        }

        return true;
    }

    /// <summary>The first path that has something, and what stands there.</summary>
    public bool TryFind(IRow row, out FieldPath path, out Cell cell)
    {
        foreach (var candidate in Paths)
        {
            if (row.TryGet(candidate, out cell))
            {
                path = candidate;
                return true;
            }
        }

        path = Paths.IsDefaultOrEmpty ? FieldPath.Parse("constant") : Paths[0];
        cell = default;
        return false;
    }
}
