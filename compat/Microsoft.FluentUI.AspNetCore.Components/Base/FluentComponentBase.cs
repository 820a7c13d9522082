using Microsoft.AspNetCore.Components;

namespace Microsoft.FluentUI.AspNetCore.Components;

/// <summary>What every component takes: id, class, style, data, and any further attribute for its element.</summary>
public abstract class FluentComponentBase : ComponentBase
{
    public ElementReference Element { get; protected set; }

    [Parameter]
    public string? Id { get; set; }

    [Parameter]
    public virtual string? Class { get; set; }

    [Parameter]
    public virtual string? Style { get; set; }

    [Parameter]
    public virtual object? Data { get; set; }

    [Parameter(CaptureUnmatchedValues = true)]
    public virtual IReadOnlyDictionary<string, object>? AdditionalAttributes { get; set; }
}
