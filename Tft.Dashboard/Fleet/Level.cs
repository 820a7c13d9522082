namespace Tft.Dashboard.Fleet;

/// <summary>How bad it is; the numbers are an order.</summary>
public enum Level
{
    Healthy,
    Watch,
    Warning,
    Critical,
}

/// <summary>How a level is named and drawn: a colour is never the only sign.</summary>
internal static class Levels
{
    public static readonly Level[] WorstFirst = [Level.Critical, Level.Warning, Level.Watch, Level.Healthy];

    public static Level Parse(string? name) => name switch
    {
        "critical" => Level.Critical,
        "warning" => Level.Warning,
        "watch" => Level.Watch,
        _ => Level.Healthy,
    };

    /// <summary>Name on the wire, in the URL, and of the CSS class.</summary>
    public static string Key(this Level level) => level switch
    {
        Level.Critical => "critical",
        Level.Warning => "warning",
        Level.Watch => "watch",
        _ => "healthy",
    };

    public static string Shape(this Level level) => level switch
    {
        Level.Critical => "▲",
        Level.Warning => "◆",
        Level.Watch => "●",
        _ => "○",
    };
}
