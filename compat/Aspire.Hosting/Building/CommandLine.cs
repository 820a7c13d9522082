using System.Text;

namespace Aspire.Hosting.Building;

internal static class CommandLine
{
    /// <summary>Splits at blanks outside of double quotes; <c>\"</c> is a quote of the argument itself.</summary>
    public static IEnumerable<string> Split(string? text)
    {
        var argument = new StringBuilder();
        var (quoted, started) = (false, false);
        for (var i = 0; i < (text?.Length ?? 0); i++)
        {
            var c = text![i];
            if (c == '\\' && i + 1 < text.Length && text[i + 1] == '"')
            {
                argument.Append('"');
                (started, i) = (true, i + 1);
            }
            else if (c == '"')
            {
                (quoted, started) = (!quoted, true);
            }
            else if (char.IsWhiteSpace(c) && !quoted)
            {
                if (started)
                    yield return argument.ToString();
                argument.Clear();
                started = false;
            }
            else
            {
                argument.Append(c);
                started = true;
            }
        }

        if (started)
            yield return argument.ToString();
    }
}
