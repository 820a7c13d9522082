namespace Tft.Inference.Security;

/// <summary>What a key may do.</summary>
[Flags]
internal enum KeyScopes
{
    None = 0,

    /// <summary>POST /feed, POST /feed/data.</summary>
    Feed = 1,

    /// <summary>The GETs, acknowledging alerts, and recording decisions on suggestions.</summary>
    Read = 2,

    /// <summary>/admin.</summary>
    Admin = 4,

    All = Feed | Read | Admin,
}

internal static class KeyScopesText
{
    /// <summary><c>feed,read</c> and the like.</summary>
    public static string Name(this KeyScopes scopes)
    {
        List<string> names = [];
        if (scopes.HasFlag(KeyScopes.Feed))
            names.Add("feed");
        if (scopes.HasFlag(KeyScopes.Read))
            names.Add("read");
        if (scopes.HasFlag(KeyScopes.Admin))
            names.Add("admin");
        return names.Count == 0 ? "none" : string.Join(',', names);
    }

    /// <summary>Reads a comma-separated list; false where a name is unknown or none is given.</summary>
    public static bool TryParse(string text, out KeyScopes scopes)
    {
        scopes = KeyScopes.None;
        foreach (var name in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            switch (name)
            {
                case "feed": scopes |= KeyScopes.Feed; break;
                case "read": scopes |= KeyScopes.Read; break;
                case "admin": scopes |= KeyScopes.Admin; break;
                default: return false;
            }
        }

        return scopes != KeyScopes.None;
    }
}
