using System.Runtime.InteropServices;
using Tft.Contract.Metrics;
using Tft.Forecasting.Models;
using Tft.Forecasting.Recipe.Online;

namespace Tft.Inference.Forecasts.Online;

/// <summary>
/// A server's hourly forecasts that wait for what comes: of each group of leads the band at one of them (<see cref="OnlineLeads"/>), of some also what
/// networks, base and yesterday's value said. In half precision, relative to the first p50 of the forecast, so that a narrow band at a high level stays exact: 2.8 KB a server,
/// 5.7 KB once it is forecast by networks. What is not judged by the time that its place is needed is overwritten.
/// </summary>
internal sealed class OriginArchive
{
    /// <summary>Closed steps after a target before it is judged: late records re-open a bucket for so long.</summary>
    public const int Grace = 3;

    private const int Metrics = MetricCatalog.Count;
    private const int Bands = OnlineConformal.Groups * (OnlineConformal.Groups + 1) / 2;
    private const int Quantiles = ForecastShape.Quantiles;
    private const int PerBand = Metrics * 2;
    private const int PerMetric = (2 * Quantiles) + 1;
    private const int PerPair = Metrics * PerMetric;
    private static readonly int[] s_firstPair = FirstPairs(out s_pairs);
    private static readonly int s_pairs;

    private readonly long[] _origins = new long[Bands];
    private readonly MetricMask[] _recipes = new MetricMask[Bands];
    private readonly Half[] _bands = new Half[Bands * PerBand];
    private readonly float[] _anchors = new float[OnlineConformal.Groups * Metrics];
    private Half[] _pairs = [];

    /// <summary>Bytes of <see cref="CopyTo"/> once pairs are kept.</summary>
    public static readonly int MostBytes = LeastBytes + (s_pairs * PerPair * 2);

    private static int LeastBytes => (Bands * (sizeof(long) + sizeof(int) + (PerBand * 2))) + (OnlineConformal.Groups * Metrics * sizeof(float));

    public OriginArchive() => Clear();

    /// <summary>Last step of the oldest forecast that waits, by when it can be judged; <see cref="long.MaxValue"/> where none waits.</summary>
    public long Due { get; private set; }

    public void Clear()
    {
        _origins.AsSpan().Fill(long.MinValue);
        _pairs.AsSpan().Fill(Half.NaN);
        Due = long.MaxValue;
    }

    /// <summary>What networks and base said is no longer of interest: there are other networks.</summary>
    public void ForgetPairs() => _pairs.AsSpan().Fill(Half.NaN);

    /// <summary>Keeps what networks and base say of a metric, and yesterday's value; before <see cref="Keep"/> of the same origin.</summary>
    public void KeepPair(long hour, int metric, RawForecast raw)
    {
        if (_pairs.Length == 0)
        {
            _pairs = new Half[s_pairs * PerPair];
            _pairs.AsSpan().Fill(Half.NaN);
        }

        var anchor = Anchors(hour)[metric] = raw.Quantiles[1];
        foreach (var group in OnlineLeads.TrustGroups)
        {
            var lead = OnlineLeads.Lead(group);
            var at = lead * Quantiles;
            var pair = Pair(group, Slot(group, hour), metric);
            for (var q = 0; q < Quantiles; q++)
                (pair[q], pair[Quantiles + q]) = (ForecastHalf(raw.Quantiles[at + q] - anchor), ForecastHalf(raw.Base[at + q] - anchor));
            pair[^1] = ForecastHalf(raw.Yesterday[lead] - anchor);
        }
    }

    /// <summary>Keeps the bands that are published.</summary>
    /// <param name="hour">Running number of the hour.</param>
    /// <param name="origin">Last closed step.</param>
    /// <param name="recipe">Metrics of which <see cref="KeepPair"/> or the recipe's base made the forecast.</param>
    /// <param name="paired">Metrics of which a pair was kept.</param>
    /// <param name="quantiles">[96 x 14 x 3].</param>
    /// <returns>Forecasts that still waited and were overwritten.</returns>
    public int Keep(long hour, long origin, MetricMask recipe, MetricMask paired, ReadOnlySpan<float> quantiles)
    {
        var anchors = Anchors(hour);
        for (var m = 0; m < Metrics; m++)
        {
            if (!paired.Has((Metric)m))
                anchors[m] = quantiles[ForecastShape.At(0, m) + 1];
        }

        var lost = 0;
        for (var group = 0; group < OnlineConformal.Groups; group++)
        {
            var slot = Slot(group, hour);
            lost += _origins[slot] != long.MinValue && _origins[slot] != origin ? 1 : 0;
            (_origins[slot], _recipes[slot]) = (origin, recipe);
            Due = Math.Min(Due, Target(group, origin) + Grace);
            for (var m = 0; m < Metrics; m++)
            {
                var at = ForecastShape.At(OnlineLeads.Lead(group), m);
                var band = _bands.AsSpan((slot * PerBand) + (m * 2), 2);
                (band[0], band[1]) = (ForecastHalf(quantiles[at] - anchors[m]), ForecastHalf(quantiles[at + 2] - anchors[m]));
                if (!paired.Has((Metric)m) && _pairs.Length > 0 && s_firstPair[group] >= 0)
                    Pair(group, slot, m).Fill(Half.NaN);
            }
        }

        return lost;
    }

    /// <summary>Takes the next forecast of a group that can be judged at a step.</summary>
    public bool TryTake(int group, long lastStep, long phase, out Waiting waiting)
    {
        for (var slot = First(group); slot < First(group + 1); slot++)
        {
            if (_origins[slot] == long.MinValue || Target(group, _origins[slot]) + Grace > lastStep)
                continue;
            waiting = new Waiting(this, group, slot, _origins[slot] + phase);
            _origins[slot] = long.MinValue;
            return true;
        }

        waiting = default;
        return false;
    }

    /// <summary>Finds out anew what is due next.</summary>
    public void Settle()
    {
        Due = long.MaxValue;
        for (var group = 0; group < OnlineConformal.Groups; group++)
        {
            for (var slot = First(group); slot < First(group + 1); slot++)
            {
                if (_origins[slot] != long.MinValue)
                    Due = Math.Min(Due, Target(group, _origins[slot]) + Grace);
            }
        }
    }

    /// <summary>Writes all that waits, little endian: origins, recipes, bands, anchors, and pairs where some are kept.</summary>
    /// <returns>Bytes.</returns>
    public int CopyTo(Span<byte> bytes)
    {
        var rest = bytes;
        Put(MemoryMarshal.AsBytes(_origins.AsSpan()), ref rest);
        Put(MemoryMarshal.AsBytes(_recipes.AsSpan()), ref rest);
        Put(MemoryMarshal.AsBytes(_bands.AsSpan()), ref rest);
        Put(MemoryMarshal.AsBytes(_anchors.AsSpan()), ref rest);
        Put(MemoryMarshal.AsBytes(_pairs.AsSpan()), ref rest);
        return bytes.Length - rest.Length;
    }

    /// <summary>Takes over what was written.</summary>
    /// <param name="bytes">Of <see cref="CopyTo"/>.</param>
    /// <param name="judged">What could be judged at this step was, and is left out.</param>
    /// <exception cref="InvalidDataException">They are of another length; nothing was taken over.</exception>
    public void Restore(ReadOnlySpan<byte> bytes, long judged)
    {
        if (bytes.Length != LeastBytes && bytes.Length != MostBytes)
            throw new InvalidDataException($"it has {bytes.Length} bytes, expected {LeastBytes} or {MostBytes}");
        if (bytes.Length == MostBytes)
            _pairs = new Half[s_pairs * PerPair];
        var rest = bytes;
        Take(MemoryMarshal.AsBytes(_origins.AsSpan()), ref rest);
        Take(MemoryMarshal.AsBytes(_recipes.AsSpan()), ref rest);
        Take(MemoryMarshal.AsBytes(_bands.AsSpan()), ref rest);
        Take(MemoryMarshal.AsBytes(_anchors.AsSpan()), ref rest);
        Take(MemoryMarshal.AsBytes(_pairs.AsSpan()), ref rest);
        for (var group = 0; group < OnlineConformal.Groups; group++)
        {
            foreach (ref var origin in _origins.AsSpan(First(group)..First(group + 1)))
            {
                if (origin != long.MinValue && Target(group, origin) + Grace <= judged)
                    origin = long.MinValue;
            }
        }

        Settle();
    }

    private static void Put(ReadOnlySpan<byte> from, ref Span<byte> rest)
    {
        from.CopyTo(rest);
        rest = rest[from.Length..];
    }

    private static void Take(Span<byte> to, ref ReadOnlySpan<byte> rest)
    {
        rest[..to.Length].CopyTo(to);
        rest = rest[to.Length..];
    }

    private static long Target(int group, long origin) => origin + 1 + OnlineLeads.Lead(group);

    private static int First(int group) => group * (group + 1) / 2;

    private static int Slot(int group, long hour) => First(group) + (int)(hour % OnlineLeads.Waiting(group));

    // where the pairs of a group begin; -1 where none are kept
    private static int[] FirstPairs(out int count)
    {
        int[] first = [.. Enumerable.Repeat(-1, OnlineConformal.Groups)];
        count = 0;
        foreach (var group in OnlineLeads.TrustGroups)
        {
            first[group] = count;
            count += OnlineLeads.Waiting(group);
        }

        return first;
    }

    // what is too large for a half is as good as not forecast
    private static Half ForecastHalf(float value) => (Half)value is var half && Half.IsFinite(half) ? half : Half.NaN;

    private Span<float> Anchors(long hour) => _anchors.AsSpan((int)(hour % OnlineConformal.Groups) * Metrics, Metrics);

    private Span<Half> Pair(int group, int slot, int metric) =>
        _pairs.AsSpan(((s_firstPair[group] + slot - First(group)) * PerPair) + (metric * PerMetric), PerMetric);

    /// <summary>A forecast whose target has come; valid until the next one is kept.</summary>
    public readonly struct Waiting(OriginArchive archive, int group, int slot, long hourStep)
    {
        /// <summary>Step of the target.</summary>
        public long Target(long phase) => hourStep - phase + 1 + OnlineLeads.Lead(group);

        /// <summary>Metrics that the recipe forecast.</summary>
        public MetricMask Recipe => archive._recipes[slot];

        /// <summary>The band that was published; NaN where there was none.</summary>
        public (float Low, float High) Band(int metric)
        {
            var anchor = Anchor(metric);
            var band = archive._bands.AsSpan((slot * PerBand) + (metric * 2), 2);
            return (anchor + (float)band[0], anchor + (float)band[1]);
        }

        /// <summary>What networks and base said, three quantiles each, and yesterday's value; false where they are not compared.</summary>
        public bool TryPair(int metric, Span<float> networks, Span<float> fallback, out float yesterday)
        {
            yesterday = float.NaN;
            if (archive._pairs.Length == 0 || s_firstPair[group] < 0)
                return false;
            var pair = archive.Pair(group, slot, metric);
            foreach (var value in pair)
            {
                if (Half.IsNaN(value))
                    return false;
            }

            var anchor = Anchor(metric);
            for (var q = 0; q < Quantiles; q++)
                (networks[q], fallback[q]) = (anchor + (float)pair[q], anchor + (float)pair[Quantiles + q]);
            yesterday = anchor + (float)pair[^1];
            return true;
        }

        private float Anchor(int metric) => archive.Anchors(hourStep / OnlineLeads.OriginStep)[metric];
    }
}
