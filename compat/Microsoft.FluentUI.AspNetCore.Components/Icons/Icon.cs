using Microsoft.AspNetCore.Components;

namespace Microsoft.FluentUI.AspNetCore.Components;

public enum IconVariant
{
    Filled,
    Regular,
    Light,
    Color,
}

/// <summary>Edge of the square that an icon is drawn in, in pixels; Custom is free markup.</summary>
public enum IconSize
{
    Custom = 0,
    Size10 = 10,
    Size12 = 12,
    Size16 = 16,
    Size20 = 20,
    Size24 = 24,
    Size28 = 28,
    Size32 = 32,
    Size48 = 48,
}

public class IconInfo
{
    public virtual string Name { get; init; } = "";
    public virtual IconSize Size { get; init; } = IconSize.Size24;
    public virtual IconVariant Variant { get; init; } = IconVariant.Regular;
}

/// <summary>A drawing: the inner markup of an svg. It is put into the page as it is, so it must never hold outside text.</summary>
public class Icon : IconInfo
{
    public Icon() => throw new ArgumentException("An icon needs a name, a variant, a size and its content.");

    public Icon(string name, IconVariant variant, IconSize size, string content)
    {
        Name = name;
        Variant = variant;
        Size = size;
        Content = content;
    }

    public virtual string Content { get; }

    internal string? Color { get; private set; }

    public virtual Icon WithColor(string? color)
    {
        Color = string.IsNullOrEmpty(color) ? Color : color;
        return this;
    }

    internal int Pixels => Size == IconSize.Custom ? 20 : (int)Size;

    internal MarkupString Markup => new(Content);
}
