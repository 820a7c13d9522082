using System.Globalization;

namespace Tft.Inference.Commands;

/// <summary>
/// Arguments that are configuration of the host (<c>--Tft:DataDirectory=/data</c>, <c>--urls http://...</c>) and not of a command.
/// Anything else that no command knows is a mistake and is named.
/// </summary>
internal static class HostArguments
{
    private static readonly string[] s_hostKeys = ["urls", "environment", "contentRoot", "applicationName", "Tft"];

    /// <summary>The first token that is not configuration, or null.</summary>
    public static string? FirstUnknown(IReadOnlyList<string> tokens)
    {
        for (var i = 0; i < tokens.Count; i++)
        {
            if (!IsKey(tokens[i]))
                return tokens[i];
            if (!tokens[i].Contains('=', StringComparison.Ordinal))
                i++;
        }

        return null;
    }

    /// <summary>Options of <c>serve</c> as configuration.</summary>
    public static IEnumerable<string> Of(int? port, string? model)
    {
        if (port is { } number)
            yield return string.Create(CultureInfo.InvariantCulture, $"--urls=http://localhost:{number}");
        if (model is not null)
            yield return $"--Tft:Model={model}";
    }

    private static bool IsKey(string token)
    {
        if (!token.StartsWith("--", StringComparison.Ordinal))
            return false;
        var key = token[2..].Split('=', 2)[0];
        return key.Contains(':', StringComparison.Ordinal) || s_hostKeys.Contains(key, StringComparer.OrdinalIgnoreCase);
    }
}
