using Microsoft.JSInterop;

namespace Tft.Dashboard.Settings;

/// <summary>The settings of one circuit, and who wants to know when they change.</summary>
internal sealed class UserState
{
    public UserSettings Settings { get; private set; } = UserSettings.Default;

    public event Action? Changed;

    /// <summary>Before the first render: no one is told.</summary>
    public void Start(UserSettings settings) => Settings = settings;

    public void Set(UserSettings settings)
    {
        if (settings != Settings)
        {
            Settings = settings;
            Changed?.Invoke();
        }
    }

    /// <summary>Applies settings and keeps them in this browser.</summary>
    public async Task KeepAsync(UserSettings settings, IJSRuntime script)
    {
        Set(settings);
        await script.InvokeVoidAsync("tft.keep", settings.ThemeName, settings.Utc, settings.IncidentCost, settings.Name);
    }
}
