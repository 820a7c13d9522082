using System.Text.RegularExpressions;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>Rules for names: they become environment variables, host names and container names.</summary>
internal static partial class ResourceName
{
    private const int MaxLength = 64;

    public static void Validate(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (name.Length > MaxLength)
            throw new ArgumentException($"Resource name '{name}' is longer than {MaxLength} characters.", nameof(name));
        if (!Pattern().IsMatch(name))
        {
            throw new ArgumentException(
                $"Resource name '{name}' is invalid: it must start with an ASCII letter, hold only ASCII letters, digits and "
                + "hyphens, and neither end with a hyphen nor hold two in a row.",
                nameof(name));
        }
    }

    [GeneratedRegex("^[A-Za-z](?:-?[A-Za-z0-9])*$")]
    private static partial Regex Pattern();
}
