namespace Microsoft.FluentUI.AspNetCore.Components;

public enum Orientation
{
    Horizontal,
    Vertical,
}

public enum HorizontalAlignment
{
    Left,
    Start,
    Center,
    Right,
    End,
    Stretch,
    SpaceBetween,
}

public enum VerticalAlignment
{
    Top,
    Center,
    Bottom,
    Stretch,
    SpaceBetween,
}

public enum SelectPosition
{
    Above,
    Below,
}

public enum TooltipPosition
{
    Top,
    Bottom,
    Left,
    Right,
    Start,
    End,
}
