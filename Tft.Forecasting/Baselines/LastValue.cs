using Tft.Forecasting.Data;

namespace Tft.Forecasting.Baselines;

/// <summary>The last measured value, at every lead: what a plain threshold alert believes.</summary>
public sealed class LastValue : IPointForecaster
{
    public string Name => "last value";

    public void Forecast(ReadOnlySpan<float> x, int fit, ReadOnlySpan<int> origins, Span<float> into)
    {
        for (var e = 0; e < origins.Length; e++)
        {
            var t = origins[e];
            while (t > 0 && !float.IsFinite(x[t]))
                t--;
            into.Slice(e * Protocol.Horizon, Protocol.Horizon).Fill(x[t]);
        }
    }
}
