using Microsoft.AspNetCore.Components;

namespace Microsoft.FluentUI.AspNetCore.Components;

/// <summary>Events of the elements; the client registers them under these names.</summary>
[EventHandler("onswitchcheckedchange", typeof(CheckboxChangeEventArgs), enableStopPropagation: true, enablePreventDefault: true)]
[EventHandler("ontabchange", typeof(TabChangeEventArgs), enableStopPropagation: true, enablePreventDefault: true)]
[EventHandler("ondialogdismiss", typeof(DialogEventArgs), enableStopPropagation: true, enablePreventDefault: true)]
[EventHandler("ontooltipdismiss", typeof(EventArgs), enableStopPropagation: true, enablePreventDefault: true)]
public static class EventHandlers;

public class CheckboxChangeEventArgs : EventArgs
{
    public bool? Checked { get; set; }
    public bool? Indeterminate { get; set; }
}

public class TabChangeEventArgs : EventArgs
{
    public string? ActiveId { get; set; }
    public string? AffectedId { get; set; }
}

public class DialogEventArgs : EventArgs
{
    public string? Id { get; set; }
    public string? Reason { get; set; }
}
