using Microsoft.AspNetCore.Components;
using Tft.Dashboard.Fleet;
using Tft.Dashboard.Navigation;

namespace Tft.Dashboard.Pages;

/// <summary>The whole fleet as a table: sort, filter, and a pane for the row that was chosen.</summary>
public sealed partial class ServersPage
{
    private static readonly string[] s_levels = ["", .. Levels.WorstFirst.Select(l => l.Key())];

    private static readonly (string Key, string Title, string Class)[] s_columns =
    [
        ("name", "Server", "c-name"), ("risk", "Risk", "c-risk"), ("prob30", "30 min", "c-num num"), ("prob8", "8 h", "c-num num"),
        ("cpu", "CPU used, %", "c-glance"), ("memory", "Memory, %", "c-glance"), ("disk", "Disk, %", "c-glance c-late"), ("load", "Load", "c-glance c-late"), ("age", "Record", "c-age num"),
    ];

    /// <summary>Typing waits this long before it filters, so that a word is one query and one entry of the address.</summary>
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(150);

    private List<ServerRow> _rows = [];
    private int _typed;

    [SupplyParameterFromQuery]
    private string? Q { get; set; }

    [SupplyParameterFromQuery]
    private string? Level { get; set; }

    [SupplyParameterFromQuery]
    private string? Profile { get; set; }

    [SupplyParameterFromQuery]
    private string? Sort { get; set; }

    [SupplyParameterFromQuery(Name = "asc")]
    private string? AscendingText { get; set; }

    [SupplyParameterFromQuery]
    private string? Selected { get; set; }

    private bool Ascending => AscendingText == "1";

    private ServerFilter Filter => new(Q, Level, Profile, Sort, Ascending);

    private ServerRow? Chosen => View?.Find(Selected);

    private IEnumerable<string> Profiles => ["", .. View?.Profiles ?? []];

    protected override async Task OnInitializedAsync()
    {
        await base.OnInitializedAsync();
        Select();
    }

    protected override void OnParametersSet() => Select();

    protected override Task OnFleetChangedAsync()
    {
        Select();
        return Task.CompletedTask;
    }

    private void Select() => _rows = View is null ? [] : Filter.Apply(View.Rows);

    private string? SortOf(string key) => (Sort ?? "risk") != key ? null : Ascending ? "ascending" : "descending";

    private void SortBy(string key) => Go(sort: key, ascending: (Sort ?? "risk") == key ? !Ascending : key == "name");

    private string HrefOf(string? selected) => DashboardUrls.ServersOf(Q, Level, Profile, Sort, Ascending, selected);

    private async Task SearchAsync(ChangeEventArgs e)
    {
        var mine = ++_typed;
        await Task.Delay(s_pause, Clock);
        if (mine == _typed)
        {
            Go(q: e.Value?.ToString() ?? "");
        }
    }

    // Null keeps what the address says, an empty text removes it.
    private void Go(string? q = null, string? level = null, string? profile = null, string? sort = null, bool? ascending = null) =>
        Navigation.NavigateTo(DashboardUrls.ServersOf(q ?? Q, level ?? Level, profile ?? Profile, sort ?? Sort, ascending ?? Ascending, Selected), replace: true);
}
