using Tft.Forecasting.Network;
using Tft.Forecasting.Training;

namespace Tft.Tests.Forecasting.Training;

/// <summary>Sines of many phases: what is ahead follows from the past, so a network that learns does better than one that does not.</summary>
internal sealed class SineSource(int count, int offset = 0) : IWindowSource
{
    public static TftConfig Config { get; } = new()
    {
        Hidden = 8, Heads = 2, Encoder = 12, Decoder = 6, Metrics = 1, Known = 0, StaticSizes = [], ObservedSizes = [2], Past = 1, Future = 1, Dropout = 0.1f,
    };

    public long Count => count;

    public void Fill(long window, WindowBatch batch, int slot, ulong seed)
    {
        var c = Config;
        var phase = (window + offset) * 0.7;
        for (var t = 0; t < c.Encoder; t++)
        {
            batch.Metrics[(slot * c.Encoder) + t] = (float)Math.Sin(phase + (t * 0.5));
            batch.Past[(slot * c.Encoder) + t] = (float)Math.Cos(phase + (t * 0.5));
            batch.Observed[(slot * c.Encoder) + t] = t % 2;
        }

        for (var t = 0; t < c.Decoder; t++)
        {
            batch.Future[(slot * c.Decoder) + t] = t / 6f;
            batch.Targets[(slot * c.Decoder) + t] = t == 3 && window % 5 == 0 ? float.NaN : (float)Math.Sin(phase + ((c.Encoder + t) * 0.5));
            batch.TargetWeights[(slot * c.Decoder) + t] = 1f + (seed % 2);
        }
    }
}
