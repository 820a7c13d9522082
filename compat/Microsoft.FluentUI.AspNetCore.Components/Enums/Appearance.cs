namespace Microsoft.FluentUI.AspNetCore.Components;

/// <summary>How a button, badge or select looks. Each component takes only some of them.</summary>
public enum Appearance
{
    Neutral,
    Accent,
    Hypertext,
    Lightweight,
    Outline,
    Stealth,
    Filled,
}

public enum ButtonType
{
    Button,
    Submit,
    Reset,
}

public enum TabSize
{
    Small,
    Medium,
    Large,
}

public enum ProgressStroke
{
    Small,
    Normal,
    Large,
}
