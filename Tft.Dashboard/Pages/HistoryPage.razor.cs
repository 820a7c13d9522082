using Microsoft.AspNetCore.Components;
using Tft.Contract.Messages;
using Tft.Dashboard.Charts;
using Tft.Dashboard.History;
using Tft.Dashboard.Inference;
using Tft.Dashboard.Navigation;
using Tft.Dashboard.Text;

namespace Tft.Dashboard.Pages;

/// <summary>Any range of one server and metric: what came, what had been forecast for it, and how far it was off.</summary>
public sealed partial class HistoryPage
{
    private static readonly string[] s_tabs = ["chart", "table"];
    private static readonly string[] s_labels = [.. BandSeries.Known.Select(k => k.Label)];

    private Answer<PastAnswer> _answer = new();
    private BandSeries? _series;
    private string? _asked;

    [Inject]
    internal InferenceApi Api { get; set; } = default!;

    [SupplyParameterFromQuery]
    private string? Name { get; set; }

    [SupplyParameterFromQuery]
    private string? Metric { get; set; }

    /// <summary>As <see cref="TimeRange"/> writes it.</summary>
    [SupplyParameterFromQuery]
    private string? From { get; set; }

    [SupplyParameterFromQuery]
    private string? To { get; set; }

    /// <summary>How long before each step the forecasts were made that are shown with it.</summary>
    [SupplyParameterFromQuery]
    private string? Lead { get; set; }

    [SupplyParameterFromQuery]
    private string? Tab { get; set; }

    protected override TimeSpan Interval => TimeSpan.FromSeconds(5);

    private string TabKey => s_tabs.Contains(Tab) ? Tab! : s_tabs[0];

    private string LeadKey => HistoryAsk.Leads.Contains(Lead) ? Lead! : HistoryAsk.Leads[^1];

    private string MetricKey => BandSeries.Known.Any(k => k.Key == Metric) ? Metric! : BandSeries.CpuUsed;

    private TimeRange Range => TimeRange.Of(From, To, Now);

    private IEnumerable<string> Names => View?.Rows.Select(r => r.Name) ?? [];

    private PastOutcome? Outcome => _answer.Value?.History?.Outcomes?.GetValueOrDefault(LeadKey)?.GetValueOrDefault(Ask(Now).Wire);

    /// <summary>Since when there is something to see.</summary>
    private string? Kept => _answer.Value?.History is { } history && history.OldestStep > DateTimeOffset.UnixEpoch ? $"kept since {Format.Minute(history.OldestStep, Zone)}" : null;

    /// <summary>What was asked, but a newcomer's chart does not begin with days of nothing.</summary>
    private (DateTimeOffset From, DateTimeOffset To) Shown
    {
        get
        {
            var (from, to) = Range.At(Now)!.Value;
            var oldest = _answer.Value!.History!.OldestStep;
            return (oldest > from && oldest < to ? oldest : from, to);
        }
    }

    /// <summary>As far back as something is kept, and up to now.</summary>
    private PlotZoom Zoom
    {
        get
        {
            var (from, oldest) = (Range.At(Now)!.Value.From, _answer.Value!.History!.OldestStep);
            return new(DashboardUrls.HistoryOf(Name, Metric, null, null, Lead, Tab), oldest > DateTimeOffset.UnixEpoch ? oldest : from, Now);
        }
    }

    protected override Task OnParametersSetAsync()
    {
        var asked = DashboardUrls.HistoryOf(Name, MetricKey, Range.From, Range.To, LeadKey);
        if (asked == _asked)
        {
            return Task.CompletedTask;
        }

        // Another server's line must not stand under this one's name, nor a metric's in another's unit.
        (_answer, _series, _asked) = (new(), null, asked);
        return FetchAsync();
    }

    /// <summary>A range that has ended does not change any more.</summary>
    protected override Task OnFleetChangedAsync() => Range.IsLive || _answer.Value is null ? FetchAsync() : Task.CompletedTask;

    private HistoryAsk Ask(DateTimeOffset now)
    {
        var (from, to) = Range.At(now)!.Value;
        var points = TimeRange.PointsOf(from, to);
        return new(Name!, MetricKey, LeadKey, points.From, to, points.Seconds);
    }

    private async Task FetchAsync()
    {
        if (string.IsNullOrEmpty(Name))
        {
            return;
        }

        var (asked, ask) = (_asked, Ask(Now));
        var answer = await _answer.RenewAsync(async stop => new PastAnswer(await Api.GetHistoryAsync(ask, stop)), Clock);
        if (asked != _asked)
        {
            return;
        }

        _answer = answer;
        _series = answer.Value?.History is { } history ? BandSeries.PastOf(history, ask.Metric, ask.Lead) : null;
    }

    private static string LabelOf(string key) => BandSeries.Known.First(k => k.Key == key).Label;

    private string ExportOf(string format) => DashboardUrls.HistoryExport(format, Name!, MetricKey, Range.From, Range.To, LeadKey);

    private void SetName(string name) => Go(name, Metric, From, To, Lead, Tab);

    /// <summary>A label, or nothing that is known: then what is shown stays.</summary>
    private void SetMetric(string label) => Go(Name, BandSeries.Known.FirstOrDefault(k => k.Label == label).Key ?? Metric, From, To, Lead, Tab);

    private void SetRange(TimeRange range) => Go(Name, Metric, range == TimeRange.Default ? null : range.From, range.IsLive ? null : range.To, Lead, Tab);

    private void SetLead(string? lead) => Go(Name, Metric, From, To, lead == HistoryAsk.Leads[^1] ? null : lead, Tab);

    // The package reports the tab that it starts with, too.
    private void SetTab(string tab)
    {
        var key = tab["history-".Length..];
        if (key != TabKey && s_tabs.Contains(key))
        {
            Go(Name, Metric, From, To, Lead, key == s_tabs[0] ? null : key);
        }
    }

    private void Go(string? name, string? metric, string? from, string? to, string? lead, string? tab) =>
        Navigation.NavigateTo(DashboardUrls.HistoryOf(name, metric, from, to, lead, tab), replace: name == Name);
}
