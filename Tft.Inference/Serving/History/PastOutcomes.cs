using System.Text.Json;
using Tft.Contract.Metrics;
using Tft.Contract.Time;

namespace Tft.Inference.Serving.History;

/// <summary>What came of the forecasts of a range, one lead and metric: step by step, however many steps make a point of the answer.</summary>
internal struct PastOutcomes
{
    private int _count;
    private int _covered;
    private double _error;
    private int _naiveCount;
    private double _naiveError;
    private double _errorBeside;

    public static PastOutcomes Of(ServerPast past, int lead, Metric metric)
    {
        var sums = default(PastOutcomes);
        for (var step = past.First; step <= past.Last; step++)
        {
            var came = past.Measured(metric, step);
            if (float.IsNaN(came) || !past.Forecasts.TryGet(step, lead, metric, out var band))
                continue;
            var error = Math.Abs((double)came - band.P50);
            sums._count++;
            sums._covered += band.Covers(came) ? 1 : 0;
            sums._error += error;
            var yesterday = past.Measured(metric, step - TimeGrid.StepsPerDay);
            if (float.IsNaN(yesterday))
                continue;
            sums._naiveCount++;
            sums._naiveError += Math.Abs((double)came - yesterday);
            sums._errorBeside += error;
        }

        return sums;
    }

    public readonly void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteNumber("n"u8, _count);
        Write(json, "mae"u8, _error, _count, 5);
        Write(json, "cover80"u8, _covered, _count, 3);
        json.WriteNumber("naive_n"u8, _naiveCount);
        Write(json, "naive_mae"u8, _naiveError, _naiveCount, 5);
        if (_naiveError > 0)
            json.WriteNumber("skill"u8, Math.Round(1 - (_errorBeside / _naiveError), 3));
        else
            json.WriteNull("skill"u8);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, ReadOnlySpan<byte> name, double sum, int count, int digits)
    {
        if (count > 0)
            json.WriteNumber(name, Math.Round(sum / count, digits));
        else
            json.WriteNull(name);
    }
}
