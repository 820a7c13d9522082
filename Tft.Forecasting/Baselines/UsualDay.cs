using Tft.Forecasting.Data;

namespace Tft.Forecasting.Baselines;

/// <summary>The median of the time of day over the fitted days: a baseline band as monitoring tools draw it.</summary>
public sealed class UsualDay : IPointForecaster
{
    public string Name => "median of the time of day";

    public void Forecast(ReadOnlySpan<float> x, int fit, ReadOnlySpan<int> origins, Span<float> into)
    {
        var usual = new float[Protocol.Day];
        var values = new float[(fit / Protocol.Day) + 1];
        var sorted = new float[values.Length];
        for (var slot = 0; slot < Protocol.Day; slot++)
        {
            var count = 0;
            for (var t = slot; t < fit; t += Protocol.Day)
                values[count++] = x[t];
            usual[slot] = (float)Statistics.QuantileOfSorted(Statistics.Sorted(values.AsSpan(0, count), sorted), 0.5);
        }

        for (var e = 0; e < origins.Length; e++)
        {
            for (var lead = 0; lead < Protocol.Horizon; lead++)
                into[(e * Protocol.Horizon) + lead] = usual[(origins[e] + 1 + lead) % Protocol.Day];
        }
    }
}
