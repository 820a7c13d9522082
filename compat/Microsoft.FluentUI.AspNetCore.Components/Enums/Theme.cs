namespace Microsoft.FluentUI.AspNetCore.Components;

public enum DesignThemeModes
{
    System,
    Light,
    Dark,
}

public enum MessageIntent
{
    Info,
    Warning,
    Error,
    Success,
    Custom,
}

public enum MessageType
{
    MessageBar,
    Notification,
}

/// <summary>Named colours; each is a variable of the theme.</summary>
public enum Color
{
    Neutral,
    Accent,
    Warning,
    Info,
    Error,
    Success,
    Fill,
    FillInverse,
    Lightweight,
    Disabled,
    Custom,
}

internal static class Colors
{
    public static string Variable(this Color color) => color switch
    {
        Color.Accent => "var(--accent-fill-rest)",
        Color.Warning => "var(--warning)",
        Color.Info => "var(--info)",
        Color.Error => "var(--error)",
        Color.Success => "var(--success)",
        Color.Fill => "var(--neutral-fill-rest)",
        Color.FillInverse => "var(--neutral-fill-inverse-rest)",
        Color.Lightweight => "var(--neutral-layer-1)",
        Color.Disabled => "var(--neutral-stroke-rest)",
        _ => "var(--neutral-foreground-rest)",
    };
}
