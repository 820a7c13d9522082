using System.Text.Json;
using Microsoft.AspNetCore.Components;
using Tft.Contract.Messages;
using Tft.Contract.Problems;
using Tft.Dashboard.Charts;
using Tft.Dashboard.Inference;

namespace Tft.Dashboard.Explain;

/// <summary>Selection weights and attention of one server's forecast; asked once for each closed bucket, while it is shown.</summary>
public sealed partial class WhyPanel
{
    /// <summary>In place of a metric's name: the mean of all.</summary>
    internal const string All = "all";

    private ExplainResponse? _explanation;
    private RefusedException? _refused;
    private AttentionProfile? _profile;
    private IReadOnlyList<string> _metrics = [];
    private (string Server, DateTimeOffset Origin, long? Snapshot)? _asked;
    private string? _failure;

    [Inject]
    internal InferenceApi Api { get; set; } = default!;

    [Inject]
    private TimeProvider Clock { get; set; } = default!;

    [Parameter, EditorRequired]
    public ServerForecast Forecast { get; set; } = default!;

    /// <summary>Name of the metric in the address; CPU used is read from idle.</summary>
    [Parameter]
    public string Metric { get; set; } = All;

    /// <summary>Minutes ahead whose attention is shown; the farthest without one.</summary>
    [Parameter]
    public int? Lead { get; set; }

    [Parameter, EditorRequired]
    public TimeZoneInfo Zone { get; set; } = TimeZoneInfo.Utc;

    [Parameter]
    public EventCallback<string> OnMetric { get; set; }

    [Parameter]
    public EventCallback<int> OnLead { get; set; }

    private string Shown => _metrics.Contains(Metric) ? Metric : All;

    /// <summary>The metric that was asked for and that no network forecasts.</summary>
    private string? Missing => Metric == Shown ? null : MetricLabel(Metric);

    private bool IsOld => _explanation?.Origin is { } origin && origin < Forecast.Origin;

    private (IReadOnlyDictionary<string, double> History, IReadOnlyDictionary<string, double> Known, IReadOnlyDictionary<string, double>? Others) Weights =>
        Shown != All && _explanation!.Metrics.TryGetValue(OnTheWire(Shown), out var one)
            ? (one.HistoryWeights, one.KnownWeights, Shown == BandSeries.CpuUsed ? Mirrored(one.OtherMetrics) : one.OtherMetrics)
        : (_explanation!.HistoryWeights, _explanation.KnownWeights, null);

    protected override async Task OnParametersSetAsync()
    {
        await FetchAsync();
        _profile = _explanation is null ? null : AttentionProfile.Of(_explanation, Lead, Forecast.Origin);
    }

    private async Task FetchAsync()
    {
        var (name, origin, snapshot) = (Forecast.ServerName, Forecast.Origin, Forecast.Snapshot);
        if (_asked is { } asked && asked.Server == name && asked.Origin == origin && asked.Snapshot is var at && (at is null || at == snapshot))
        {
            return;
        }

        if (_asked?.Server != name)
        {
            (_explanation, _refused, _failure) = (null, null, null);
        }

        // What it says stays so until the next bucket closes.
        _asked = (name, origin, null);
        try
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20), Clock);
            var explanation = await Api.GetExplanationAsync(name, patience.Token);
            if (name == Forecast.ServerName && explanation is not null)
            {
                (_explanation, _refused, _failure) = (explanation, null, null);
                _metrics = [All, .. explanation.Metrics.Keys.Select(OnThePage).OrderBy(m => m != BandSeries.CpuUsed)];
            }
        }
        catch (RefusedException e) when (name == Forecast.ServerName)
        {
            (_explanation, _refused, _failure) = (null, e, null);
            _asked = (name, origin, e.Code == ProblemCodes.NoModel ? null : snapshot);
        }
        catch (Exception e) when (e is HttpRequestException or JsonException or IOException or OperationCanceledException)
        {
            // What was shown stays, marked, and is asked again whenever the page is drawn.
            (_failure, _asked) = (e.Message, (name, default, null));
        }
    }

    // What pushes idle down pushes use up.
    private static Dictionary<string, double> Mirrored(IReadOnlyDictionary<string, double> weights) => weights.ToDictionary(w => w.Key, w => -w.Value);

    private static string MetricLabel(string metric) =>
        metric == All ? "All metrics, mean" : metric == BandSeries.CpuUsed ? "CPU used" : InputNames.Metric(metric);

    private static string OnTheWire(string metric) => metric == BandSeries.CpuUsed ? "cpu_idle_pct" : metric;

    private static string OnThePage(string metric) => metric == "cpu_idle_pct" ? BandSeries.CpuUsed : metric;
}
