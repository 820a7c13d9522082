using System.Text.RegularExpressions;

namespace Aspire.Hosting.Logs;

/// <summary>Console output without its colours: the variables that Aspire sets make .NET write them into a pipe too.</summary>
internal static partial class AnsiText
{
    public static string Strip(string text) => text.Contains('\u001b', StringComparison.Ordinal) ? Sequence().Replace(text, "") : text;

    // control sequences (ECMA-48: CSI, parameters, final byte), and two-character escapes
    [GeneratedRegex(@"\u001b(?:\[[0-?]*[ -/]*[@-~]|[@-Z\\-_])")]
    private static partial Regex Sequence();
}
