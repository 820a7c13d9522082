using Tft.Forecasting.Data;

namespace Tft.Forecasting.Recipe;

/// <summary>One server to learn from: its series, its cross-fitted tables, what was learned of it.</summary>
internal sealed record TrainingServer(ServerSeries Series, CrossFit Tables, LearnedServer Learned);

/// <summary>
/// An endless, shuffled stream of windows for the network. Origins of all servers are visited in a random order; all metrics of an origin are
/// made at once (they share most of the work) and go into a buffer, from which windows are drawn at random. Deterministic by seed.
/// </summary>
internal sealed class TrainingWindows
{
    /// <summary>Floats of a window: anomaly, past, future, residual quantiles, targets.</summary>
    public const int Stride = AnomalySize + PastSize + FutureSize + QuantilesSize + Protocol.Horizon;

    public const int AnomalySize = NetworkInputs.Encoder;
    public const int PastSize = NetworkInputs.Encoder * NetworkInputs.Past;
    public const int FutureSize = Protocol.Horizon * NetworkInputs.Future;
    public const int QuantilesSize = Protocol.Horizon * 3;

    private readonly IReadOnlyList<TrainingServer> _servers;
    private readonly LagRidge _ridge;
    private readonly (int Server, int Origin)[] _origins;
    private readonly Random _random;
    private readonly float _inputDropout;
    private readonly float[] _buffer;
    private readonly WindowView _view = new();
    private readonly BaseForecast _forecast = new();
    private readonly int _fillTo;
    private int _filled;
    private int _next;

    /// <param name="servers">Servers to learn from.</param>
    /// <param name="ridge">The pooled ridge.</param>
    /// <param name="originStep">Steps between two origins.</param>
    /// <param name="seed">Seed of order, grid noise and dropout.</param>
    /// <param name="inputDropout">Chance that an input is silenced in a whole window.</param>
    /// <param name="capacity">Windows in the buffer.</param>
    public TrainingWindows(IReadOnlyList<TrainingServer> servers, LagRidge ridge, int originStep, int seed, float inputDropout, int capacity = 8192)
    {
        (_servers, _ridge, _inputDropout) = (servers, ridge, inputDropout);
        _random = new Random(seed);
        _origins = [.. servers.SelectMany((s, i) => Origins(s.Series, originStep).Select(o => (i, o)))];
        if (_origins.Length == 0)
            throw new InvalidOperationException($"No server has {Protocol.LookBack + Protocol.Horizon} steps to learn from.");
        Windows = servers.Sum(s => (long)Origins(s.Series, originStep).Count() * s.Series.Metrics);
        var widest = servers.Max(s => s.Series.Metrics);
        _buffer = new float[(capacity + widest) * Stride];
        _fillTo = capacity;
        _next = _origins.Length;
    }

    /// <summary>Windows of one round over all origins.</summary>
    public long Windows { get; }

    /// <summary>Draws a window into the caller's memory.</summary>
    public void Next(Span<float> anomaly, Span<float> past, Span<float> future, Span<float> quantiles, Span<float> targets)
    {
        while (_filled < _fillTo)
            Refill();
        var drawn = _random.Next(_filled);
        var window = _buffer.AsSpan(drawn * Stride, Stride);
        window[..AnomalySize].CopyTo(anomaly);
        window.Slice(AnomalySize, PastSize).CopyTo(past);
        window.Slice(AnomalySize + PastSize, FutureSize).CopyTo(future);
        window.Slice(AnomalySize + PastSize + FutureSize, QuantilesSize).CopyTo(quantiles);
        window[^Protocol.Horizon..].CopyTo(targets);
        _filled--;
        _buffer.AsSpan(_filled * Stride, Stride).CopyTo(window);
        Silence(anomaly, 1);
        Silence(past, NetworkInputs.Past);
        Silence(future, NetworkInputs.Future);
    }

    /// <summary>Draws and drops windows: the stream goes on as if they had been used.</summary>
    public void Skip(long windows)
    {
        var scratch = new float[Stride];
        for (var i = 0L; i < windows; i++)
            Next(scratch.AsSpan(0, AnomalySize), scratch.AsSpan(0, PastSize), scratch.AsSpan(0, FutureSize), scratch.AsSpan(0, QuantilesSize), scratch.AsSpan(0, Protocol.Horizon));
    }

    private static IEnumerable<int> Origins(ServerSeries series, int step)
    {
        for (var o = Protocol.LookBack; o < series.FitSteps - Protocol.Horizon; o += step)
            yield return o;
    }

    private void Refill()
    {
        if (_next == _origins.Length)
        {
            _random.Shuffle(_origins);
            _next = 0;
        }

        var (index, origin) = _origins[_next++];
        var server = _servers[index];
        var series = server.Series;
        _view.Look(series.Values, origin, series.SlotOf(origin), server.Tables.For(origin + (Protocol.Horizon / 2)));
        for (var m = 0; m < series.Metrics; m++)
        {
            var targets = series.Values[m].AsSpan(origin + 1, Protocol.Horizon);
            if (!AnyMeasured(targets))
                continue;
            _forecast.Compute(_view, m, server.Learned.Series[m], _ridge);
            var window = _buffer.AsSpan(_filled++ * Stride, Stride);
            NetworkInputs.Fill(_view, m, _forecast, window[..AnomalySize], window.Slice(AnomalySize, PastSize), window.Slice(AnomalySize + PastSize, FutureSize));
            _forecast.Quantiles.CopyTo(window[(AnomalySize + PastSize + FutureSize)..]);
            Targets(targets, _view.Tables.Metrics[m], window[^Protocol.Horizon..]);
        }
    }

    /// <summary>Targets in units of U about the base, spread uniformly over their cell of the grid; NaN stays NaN.</summary>
    private void Targets(ReadOnlySpan<float> values, SeriesTables table, Span<float> targets)
    {
        var unit = 1 / table.Scale;
        for (var lead = 0; lead < targets.Length; lead++)
        {
            var noise = table.Grid * (_random.NextSingle() - 0.5f);
            targets[lead] = (((values[lead] + noise - _forecast.Features.Location[lead]) * unit) - _forecast.Anomaly[lead]) / _forecast.Unit[lead];
        }
    }

    private static bool AnyMeasured(ReadOnlySpan<float> values)
    {
        foreach (var v in values)
        {
            if (float.IsFinite(v))
                return true;
        }

        return false;
    }

    private void Silence(Span<float> inputs, int width)
    {
        for (var v = 0; v < width; v++)
        {
            if (_random.NextSingle() >= _inputDropout)
                continue;
            for (var i = v; i < inputs.Length; i += width)
                inputs[i] = 0;
        }
    }
}
