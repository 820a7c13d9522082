using System.Text.Json;
using Microsoft.AspNetCore.Components;
using Tft.Contract.Messages;
using Tft.Dashboard.Charts;
using Tft.Dashboard.History;
using Tft.Dashboard.Inference;
using Tft.Dashboard.Navigation;
using Tft.Dashboard.Text;

namespace Tft.Dashboard.Pages;

/// <summary>One server: why it is at risk, and a band chart for every metric.</summary>
public sealed partial class ServerPage
{
    private static readonly int[] s_hours = [3, 6, 12, 24];
    private const string None = "none";
    private static readonly string[] s_befores = ["8h", "1h", None];
    private static readonly string[] s_tabs = ["charts", "table", "why"];
    private const int DefaultHours = 12;

    /// <summary>Steps below which a chosen range is none.</summary>
    private const int LeastSteps = 3;

    private ServerForecast? _forecast;
    private HistoryResponse? _history;
    private IReadOnlyList<BandSeries> _series = [];
    private string? _shown;
    private string? _failure;
    private bool _fetched;

    [Inject]
    internal InferenceApi Api { get; set; } = default!;

    [SupplyParameterFromQuery]
    private string? Name { get; set; }

    [SupplyParameterFromQuery]
    private string? Metric { get; set; }

    [SupplyParameterFromQuery]
    private string? Tab { get; set; }

    // Text: a number that does not parse would end the page instead of being the default.
    [SupplyParameterFromQuery(Name = "hours")]
    private string? HoursText { get; set; }

    /// <summary>Minutes ahead, of the tab "why".</summary>
    [SupplyParameterFromQuery(Name = "lead")]
    private string? LeadText { get; set; }

    private int? Lead => int.TryParse(LeadText, out var lead) ? lead : null;

    /// <summary>How long before a measured step the forecasts were made that are shown with it.</summary>
    [SupplyParameterFromQuery]
    private string? Before { get; set; }

    /// <summary>A part of the day behind and the hours ahead, as <see cref="TimeRange"/> writes it; the whole without.</summary>
    [SupplyParameterFromQuery(Name = "from")]
    private string? FromText { get; set; }

    [SupplyParameterFromQuery(Name = "to")]
    private string? ToText { get; set; }

    private string BeforeKey => s_befores.Contains(Before) ? Before! : s_befores[0];

    private int? Hours => int.TryParse(HoursText, out var hours) && s_hours.Contains(hours) ? hours : null;

    protected override TimeSpan Interval => TimeSpan.FromSeconds(2);

    private string TabKey => s_tabs.Contains(Tab) ? Tab! : s_tabs[0];

    private int Past => Hours ?? DefaultHours;

    /// <summary>Where the past ends: the end of the last closed bucket.</summary>
    private DateTimeOffset Origin => _forecast!.Origin == default ? _forecast.FirstStep : _forecast.Origin;

    /// <summary>As far back as asked, but a newcomer's chart does not begin with hours of nothing.</summary>
    private DateTimeOffset From
    {
        get
        {
            if (Zoomed is { } zoomed)
            {
                return zoomed.From;
            }

            var asked = Origin - TimeSpan.FromHours(Past);
            var lately = Origin - TimeSpan.FromHours(1);
            var needed = Known < lately ? Known : lately;
            return asked > needed ? asked : needed;
        }
    }

    private DateTimeOffset To => Zoomed?.To ?? End;

    /// <summary>Since when something was measured.</summary>
    private DateTimeOffset Known => _history?.Measured.Values.Any(v => v.Count > 0) == true ? _history.FirstStep : Origin;

    private (DateTimeOffset From, DateTimeOffset To)? Asked => string.IsNullOrEmpty(FromText) || string.IsNullOrEmpty(ToText) ? null : new TimeRange(FromText, ToText).At(Now);

    /// <summary>The part of what is asked for that is known here; null where there is nothing to see.</summary>
    private (DateTimeOffset From, DateTimeOffset To)? Zoomed
    {
        get
        {
            if (Asked is not { } asked)
            {
                return null;
            }

            var from = asked.From > Known ? asked.From : Known;
            var to = asked.To < End ? asked.To : End;
            return to - from >= LeastSteps * _series[0].Step ? (from, to) : null;
        }
    }

    private PlotZoom Zoom => new(DashboardUrls.ServerOf(Name!, Metric, Tab, Hours, Lead, Before), Known, End);

    /// <summary>The same range there, as far as it has passed.</summary>
    private string HistoryAddress => Zoomed is { } zoomed && zoomed.From < Origin
        ? DashboardUrls.HistoryOf(Name, Selected.Key, Format.Iso(zoomed.From), Format.Iso(zoomed.To < Origin ? zoomed.To : Origin))
        : DashboardUrls.HistoryOf(Name, Selected.Key);

    private DateTimeOffset End => _forecast!.FirstStep + (Math.Max(0, _series[0].P50.Length - 1) * _series[0].Step);

    private BandSeries Selected => _series.FirstOrDefault(s => s.Key == Metric) ?? _series.FirstOrDefault(s => s.Key == MetricOfReason) ?? _series[0];

    /// <summary>The metric that makes the risk is the one to look at first.</summary>
    private string? MetricOfReason => _forecast?.Reasons.Count > 0 ? (_forecast.Reasons[0].Metric is "cpu_idle_pct" or "cpu_used" ? "cpu_used_pct" : _forecast.Reasons[0].Metric) : null;

    protected override async Task OnParametersSetAsync()
    {
        if (Name == _shown)
        {
            Draw();
        }
        else
        {
            _shown = Name;
            (_forecast, _history, _series, _fetched) = (null, null, [], false);
            await FetchAsync();
        }
    }

    protected override Task OnFleetChangedAsync() => FetchAsync();

    private async Task FetchAsync()
    {
        if (string.IsNullOrEmpty(Name))
        {
            _fetched = true;
            return;
        }

        var name = Name;
        try
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20), Clock);
            var forecast = await Api.GetServerAsync(name, patience.Token);
            var history = forecast is null ? null : await Api.GetHistoryAsync(name, patience.Token);
            if (name != Name)
            {
                return;
            }

            (_forecast, _history, _failure) = (forecast, history, null);
            Draw();
        }
        catch (Exception e) when (e is HttpRequestException or JsonException or IOException or OperationCanceledException)
        {
            // What was shown stays; the frame says that the service is away.
            _failure = e.Message;
        }
        finally
        {
            _fetched = true;
        }
    }

    private void Draw()
    {
        _series = _forecast is null ? [] : BandSeries.AllOf(_forecast, _history, BeforeKey == None ? null : BeforeKey);
        if (_series.Count == 0)
        {
            _forecast = null;
        }
    }

    // The package reports the tab that it starts with, too.
    private void SetTab(string tab)
    {
        var key = tab["tab-".Length..];
        if (key != TabKey && s_tabs.Contains(key))
        {
            Go(Metric ?? Selected.Key, key == s_tabs[0] ? null : key, Hours);
        }
    }

    private void SetHours(int hours) => Navigation.NavigateTo(DashboardUrls.ServerOf(Name!, Metric, Tab, hours, Lead, Before), replace: true);

    private void SetMetric(BandSeries? series) => Go(series?.Key, Tab, Hours);

    private void SetWhyMetric(string metric) => Go(metric, Tab, Hours);

    private void SetLead(int lead) => Navigation.NavigateTo(DashboardUrls.ServerOf(Name!, Metric, Tab, Hours, lead, Before, FromText, ToText), replace: true);

    private void SetBefore(string? before) =>
        Navigation.NavigateTo(DashboardUrls.ServerOf(Name!, Metric, Tab, Hours, Lead, before == s_befores[0] ? null : before, FromText, ToText), replace: true);

    private static string BeforeText(string before) => before == None ? "no past forecasts" : $"forecast {before.Replace("h", " h", StringComparison.Ordinal)} before";

    private void Go(string? metric, string? tab, int? hours) =>
        Navigation.NavigateTo(DashboardUrls.ServerOf(Name!, metric, tab, hours, Lead, Before, FromText, ToText), replace: true);
}
