using Tft.Forecasting.Data;
using Tft.Forecasting.Network;
using Tft.Forecasting.Recipe.Base;
using Tft.Forecasting.Recipe.Tables;
using Tft.Forecasting.Training;

namespace Tft.Forecasting.Recipe.Corrections;

/// <summary>One server to learn from.</summary>
/// <param name="Series">Its series.</param>
/// <param name="Tables">Its cross-fitted tables; null where each origin is seen as a newcomer's.</param>
/// <param name="Learned">What was learned of it.</param>
/// <param name="Newcomer">What a newcomer has instead.</param>
/// <param name="NewcomerShare">Share of the origins that are seen as a newcomer's.</param>
/// <param name="Number">Which server: others are newcomers at other origins.</param>
internal sealed record TrainingServer(ServerSeries Series, CrossFit? Tables, LearnedSeries[] Learned, LearnedSeries[] Newcomer, double NewcomerShare, int Number)
{
    /// <summary>Origins before it are not learned from.</summary>
    public int FirstOrigin { get; init; }

    /// <summary>What a forecast from an origin may know of the server; always the same for one origin.</summary>
    public LearnedServer At(int origin) => Tables is null || Kernels.Counter.Uniform(Kernels.Counter.At((ulong)Number, (ulong)origin)) < NewcomerShare
        ? LearnedServer.OfNewcomer(Series.Values, Series.SlotOf, origin, Newcomer)
        : new LearnedServer(Tables.For(origin), Learned);
}

/// <summary>
/// Windows for the network: every metric of every server at origins some steps apart, seen through tables that were made without the window's own days,
/// or, for a newcomer, from the last day before the origin.
/// The target is what the base leaves, in units of its band; the residual quantiles are the offset that the network corrects.
/// </summary>
internal sealed class TrainingWindows : IWindowSource, IDisposable
{
    private readonly IReadOnlyList<TrainingServer> _servers;
    private readonly LagRidge _ridge;
    private readonly int _originStep;
    private readonly int _last;
    private readonly float[] _leadWeights;
    private readonly long[] _first;
    private readonly (int Server, int Metric, int Origin)[] _unusual = [];
    private readonly ThreadLocal<(WindowView View, BaseForecast Forecast)> _scratch;

    /// <param name="servers">Servers to learn from.</param>
    /// <param name="ridge">The pooled ridge.</param>
    /// <param name="originStep">Steps between two origins.</param>
    /// <param name="shortLeads">How much more the next steps weigh than the last: 1 + shortLeads exp(-(h - 1) / 12).</param>
    /// <param name="stretches">Whether windows are seen as <see cref="RecipeOptions.Stretch"/> says.</param>
    /// <param name="unusual">Whether all origins of <see cref="UnusualHours"/> are taken besides.</param>
    /// <param name="last">Only origins in the last so many steps of the fit part; 0 for all.</param>
    /// <exception cref="InvalidOperationException">There is no window.</exception>
    public TrainingWindows(IReadOnlyList<TrainingServer> servers, LagRidge ridge, int originStep, float shortLeads, bool stretches, bool unusual = false, int last = 0)
    {
        _scratch = new(() => (new WindowView(stretches), new BaseForecast()));
        (_servers, _ridge, _originStep, _last) = (servers, ridge, originStep, last);
        _leadWeights = [.. Enumerable.Range(0, Protocol.Horizon).Select(h => 1 + (shortLeads * MathF.Exp(-h / 12f)))];
        _first = new long[servers.Count + 1];
        for (var i = 0; i < servers.Count; i++)
            _first[i + 1] = _first[i] + ((long)Origins(servers[i]) * servers[i].Series.Metrics);
        if (unusual)
        {
            _unusual =
            [
                .. servers.Index().SelectMany(s => UnusualHours.Of(s.Item.Series, s.Item.Tables!.All, First(s.Item), s.Item.Series.FitSteps - Protocol.Horizon)
                    .Where(u => (u.Origin - First(s.Item)) % originStep != 0).Select(u => (s.Index, u.Metric, u.Origin))),
            ];
        }

        if (Count == 0)
            throw new InvalidOperationException($"No server has {Protocol.LookBack + Protocol.Horizon} steps to learn from.");
    }

    /// <inheritdoc />
    public long Count => _first[^1] + _unusual.Length;

    /// <inheritdoc />
    public void Fill(long window, WindowBatch batch, int slot, ulong seed)
    {
        var (values, metric, origin, view, forecast) = Look(window);
        var (encoder, leads) = (batch.Config.Encoder, batch.Config.Decoder);
        NetworkInputs.Fill(view, metric, forecast, Slot(batch.Metrics, slot, encoder), Slot(batch.Past, slot, encoder * batch.Config.Past), Slot(batch.Future, slot, leads * batch.Config.Future), leads);
        forecast.Quantiles.AsSpan(0, leads * 3).CopyTo(Slot(batch.Offsets, slot, leads * 3));
        _leadWeights.AsSpan(0, leads).CopyTo(Slot(batch.TargetWeights, slot, leads));
        var targets = Slot(batch.Targets, slot, leads);
        for (var lead = 0; lead < leads; lead++)
        {
            // spread uniformly over its cell of the grid
            var noise = view.Tables.Metrics[metric].Grid * (Kernels.Counter.Uniform(Kernels.Counter.At(seed, (ulong)lead + 2)) - 0.5f);
            targets[lead] = Target(values[metric][origin + 1 + lead] + (seed == 0 ? 0 : noise), lead, view, metric, forecast);
        }
    }

    /// <summary>What trees learn from at some leads of a window.</summary>
    /// <param name="window">Which window.</param>
    /// <param name="leads">Leads in steps, from 1.</param>
    /// <param name="rows">[leads, inputs] receives <see cref="TreeInputs"/>.</param>
    /// <param name="targets">[leads] receives the targets as they were measured, NaN in a gap.</param>
    /// <param name="cells">[leads] receives the step of the metric's grid in the same units, 0 where it has none.</param>
    /// <param name="quantiles">[leads, 3] receives the residual quantiles that are corrected.</param>
    public void Fill(long window, ReadOnlySpan<int> leads, Span<float> rows, Span<float> targets, Span<float> cells, Span<float> quantiles)
    {
        var (values, metric, origin, view, forecast) = Look(window);
        TreeInputs.Fill(view, metric, forecast, leads, rows);
        for (var i = 0; i < leads.Length; i++)
        {
            var lead = leads[i] - 1;
            forecast.Quantiles.AsSpan(lead * 3, 3).CopyTo(quantiles[(i * 3)..]);
            targets[i] = Target(values[metric][origin + leads[i]], lead, view, metric, forecast);
            cells[i] = view.Tables.Metrics[metric].Grid / (view.Scale(metric) * forecast.Unit[lead]);
        }
    }

    /// <inheritdoc />
    public void Dispose() => _scratch.Dispose();

    private (int Server, int Metric, int Origin) Regular(long window)
    {
        var index = Array.BinarySearch(_first, window);
        index = index < 0 ? ~index - 1 : index;
        while (_first[index + 1] == window)
            index++;
        var series = _servers[index].Series;
        var (position, metric) = Math.DivRem(window - _first[index], series.Metrics);
        return (index, (int)metric, First(_servers[index]) + ((int)position * _originStep));
    }

    private static Span<float> Slot(float[] all, int slot, int size) => all.AsSpan(slot * size, size);

    private int First(TrainingServer server) => Math.Max(Math.Max(Protocol.LookBack, server.FirstOrigin), _last == 0 ? 0 : server.Series.FitSteps - _last);

    private int Origins(TrainingServer server) =>
        Math.Max(0, (server.Series.FitSteps - Protocol.Horizon - First(server) + _originStep - 1) / _originStep);

    /// <summary>The view of a window and the base of its metric; both are the thread's own.</summary>
    private (float[][] Values, int Metric, int Origin, WindowView View, BaseForecast Forecast) Look(long window)
    {
        var (index, metric, origin) = window < _first[^1] ? Regular(window) : _unusual[window - _first[^1]];
        var server = _servers[index];
        var series = server.Series;
        var (view, forecast) = _scratch.Value;
        var known = server.At(origin);
        view.Look(series.Values, origin, series.SlotOf(origin), known.Tables, metric);
        forecast.Compute(view, metric, known.Series[metric], _ridge);
        return (series.Values, metric, origin, view, forecast);
    }

    /// <summary>A value in units of U about the base; a gap stays NaN.</summary>
    private static float Target(float value, int lead, WindowView view, int metric, BaseForecast forecast) =>
        (((value - forecast.Features.Location[lead]) * (1 / view.Scale(metric))) - forecast.Anomaly[lead]) / forecast.Unit[lead];
}
