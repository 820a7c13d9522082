using Tft.Contract.Metrics;
using Tft.Contract.Time;

namespace Tft.Inference.Forecasts.Past;

/// <summary>What had been forecast for a server's steps, read from its files; damaged records are as if they had never been.</summary>
internal sealed class KeptForecasts
{
    private readonly Dictionary<long, (byte[] Records, bool[] Sound)> _days = [];

    /// <param name="days">[288 x <see cref="ForecastRecord.Bytes"/>] by day since 1970.</param>
    public KeptForecasts(Dictionary<long, byte[]> days)
    {
        foreach (var (day, records) in days)
        {
            var sound = new bool[TimeGrid.StepsPerDay];
            for (var i = 0; i < sound.Length; i++)
                sound[i] = ForecastRecord.IsSound((day * TimeGrid.StepsPerDay) + i, records.AsSpan(i * ForecastRecord.Bytes, ForecastRecord.Bytes));
            _days[day] = (records, sound);
        }
    }

    /// <summary>What was forecast for a step; false where nothing was kept.</summary>
    /// <param name="target">The step.</param>
    /// <param name="lead">Index into <see cref="PastLeads"/>.</param>
    /// <param name="metric">Of what.</param>
    /// <param name="band">Known where the answer is true.</param>
    public bool TryGet(long target, int lead, Metric metric, out PastBand band)
    {
        band = default;
        var (day, slot) = Math.DivRem(target - PastLeads.Steps[lead], TimeGrid.StepsPerDay);
        if (slot < 0 || !_days.TryGetValue(day, out var kept) || !kept.Sound[slot])
            return false;
        band = ForecastRecord.Read(kept.Records.AsSpan((int)slot * ForecastRecord.Bytes, ForecastRecord.Bytes), lead, metric);
        return band.IsKnown;
    }
}
