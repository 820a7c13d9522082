namespace Microsoft.FluentUI.AspNetCore.Components;

/// <summary>Ids for elements that need one and were given none.</summary>
public static class Identifier
{
    /// <summary>A new id: <c>f</c> and hexadecimal digits, so that it is valid in a CSS selector.</summary>
    public static string NewId(int length = 8) =>
        string.Concat("f", Guid.NewGuid().ToString("N").AsSpan(0, Math.Clamp(length, 2, 33) - 1));
}
