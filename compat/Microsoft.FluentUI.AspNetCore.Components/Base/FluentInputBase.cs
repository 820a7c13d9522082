using System.Linq.Expressions;
using Microsoft.AspNetCore.Components;

namespace Microsoft.FluentUI.AspNetCore.Components;

/// <summary>A control with a value that is bound in both directions. Forms (EditContext) are not covered by the stand-in.</summary>
public abstract class FluentInputBase<TValue> : FluentComponentBase
{
    protected FluentInputBase() => Id = Identifier.NewId();

    [Parameter]
    public bool ReadOnly { get; set; }

    [Parameter]
    public bool Disabled { get; set; }

    [Parameter]
    public string? Name { get; set; }

    [Parameter]
    public string? Label { get; set; }

    [Parameter]
    public virtual string? AriaLabel { get; set; }

    [Parameter]
    public bool Required { get; set; }

    [Parameter]
    public virtual TValue? Value { get; set; }

    [Parameter]
    public EventCallback<TValue> ValueChanged { get; set; }

    [Parameter]
    public Expression<Func<TValue>>? ValueExpression { get; set; }

    [Parameter]
    public virtual string? Placeholder { get; set; }

    /// <summary>The name that assistive technology reads: a label element cannot name the inner control of a custom element.</summary>
    protected string? AccessibleName => string.IsNullOrEmpty(AriaLabel) ? Label : AriaLabel;

    /// <summary>Takes a value from the user and reports it, once, if it differs.</summary>
    protected async Task SetCurrentValueAsync(TValue? value)
    {
        if (EqualityComparer<TValue>.Default.Equals(value, Value))
        {
            return;
        }

        Value = value;
        await ValueChanged.InvokeAsync(value);
    }
}
