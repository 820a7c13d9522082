using System.Diagnostics.CodeAnalysis;

namespace Microsoft.FluentUI.AspNetCore.Components;

/// <summary>Values of attributes as the elements expect them.</summary>
internal static class Attributes
{
    /// <summary>The lower-case name of an enum value; null gives no attribute.</summary>
    public static string? Of<TEnum>(TEnum? value)
        where TEnum : struct, Enum =>
        value is null ? null : NameOf(value.Value);

    [SuppressMessage("Globalization", "CA1308:Normalize strings to uppercase", Justification = "Attribute values are lower case.")]
    public static string NameOf<TEnum>(TEnum value)
        where TEnum : struct, Enum =>
        value.ToString().ToLowerInvariant();

    /// <summary>"true" or "false" for attributes whose absence means something else than false.</summary>
    public static string? Of(bool? value) => value switch { true => "true", false => "false", null => null };

    /// <summary>Declarations joined into a style attribute; empty ones are left out.</summary>
    public static string? Style(string? own, params ReadOnlySpan<(string Property, string? Value)> declarations)
    {
        var parts = new List<string>();
        if (!string.IsNullOrWhiteSpace(own))
        {
            parts.Add(own.TrimEnd().TrimEnd(';'));
        }

        foreach (var (property, value) in declarations)
        {
            if (!string.IsNullOrEmpty(value))
            {
                parts.Add($"{property}: {value}");
            }
        }

        return parts.Count == 0 ? null : string.Join("; ", parts) + ";";
    }

    /// <summary>Classes joined; null when there is none.</summary>
    public static string? Class(params ReadOnlySpan<string?> classes)
    {
        var parts = new List<string>();
        foreach (var one in classes)
        {
            if (!string.IsNullOrWhiteSpace(one))
            {
                parts.Add(one);
            }
        }

        return parts.Count == 0 ? null : string.Join(' ', parts);
    }
}
