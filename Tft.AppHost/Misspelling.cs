namespace Tft.AppHost;

/// <summary>Tells a word that was meant from a name that happens to be something else.</summary>
internal static class Misspelling
{
    /// <summary>The word that a text nearly is: one slip away, in a longer word two; null: none.</summary>
    public static string? Of(string text, params ReadOnlySpan<string> words)
    {
        foreach (var word in words)
        {
            if (Slips(text.ToLowerInvariant(), word) <= (word.Length < 5 ? 1 : 2))
                return word;
        }

        return null;
    }

    /// <summary>Letters put in, left out, taken for another or swapped with the next (the optimal string alignment distance).</summary>
    private static int Slips(string a, string b)
    {
        var d = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
        {
            for (var j = 0; j <= b.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    d[i, j] = i + j;
                    continue;
                }

                d[i, j] = Math.Min(Math.Min(d[i - 1, j], d[i, j - 1]) + 1, d[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    d[i, j] = Math.Min(d[i, j], d[i - 2, j - 2] + 1);
            }
        }

        return d[a.Length, b.Length];
    }
}
