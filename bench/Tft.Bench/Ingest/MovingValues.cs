using System.Text;
using Tft.Contract.Metrics;

namespace Tft.Bench.Ingest;

/// <summary>
/// Writes a fleet's values of a moment into requests that were encoded once, in place: a daily shape of each server and metric and noise, so that a
/// model has something to forecast. A few nanoseconds a value: the generator runs on the cores that are measured.
/// </summary>
internal sealed class MovingValues
{
    private const int Phases = 64;
    private const int Day = 24 * 3600;
    private const int Least = 10_000, Shape = 45_000, Noise = 1 << 14;
    private readonly int[] _shape = new int[Phases];
    private long _shapeOf = -1;
    private uint _random = 2463534242;

    /// <summary>Where the values of a request are, metric by metric in the order of the catalog.</summary>
    public static int[] Places(byte[] request)
    {
        var byMetric = MetricCatalog.All.Select(m => FeedConnection.Places(request, Encoding.ASCII.GetBytes($"\"{m.Name}\":"))).ToArray();
        return [.. Enumerable.Range(0, byMetric[0].Length).SelectMany(record => byMetric.Select(places => places[record]))];
    }

    /// <summary>Writes all values of a request.</summary>
    /// <param name="request">The request.</param>
    /// <param name="places">Of <see cref="Places"/>.</param>
    /// <param name="number">Number of the request: its servers' days are shifted by it.</param>
    /// <param name="seconds">Event time, Unix time.</param>
    public void Write(byte[] request, int[] places, int number, long seconds)
    {
        if (_shapeOf != seconds)
        {
            _shapeOf = seconds;
            for (var p = 0; p < Phases; p++)
                _shape[p] = Least + (int)(Shape * (1 + Math.Sin(Math.Tau * (((double)(seconds % Day) / Day) + ((double)p / Phases)))) / 2);
        }

        var metric = 0;
        for (var i = 0; i < places.Length; i++)
        {
            _random ^= _random << 13;
            _random ^= _random >> 17;
            _random ^= _random << 5;
            var value = _shape[(i + number) % Phases] + (int)(_random % Noise);
            var to = request.AsSpan(places[i], MetricCatalog.All[metric].IsInteger ? 2 : 6);
            to[0] = (byte)('0' + (value / 10_000));
            to[1] = (byte)('0' + (value / 1_000 % 10));
            if (to.Length > 2)
            {
                to[3] = (byte)('0' + (value / 100 % 10));
                to[4] = (byte)('0' + (value / 10 % 10));
                to[5] = (byte)('0' + (value % 10));
            }

            metric = metric + 1 == MetricCatalog.Count ? 0 : metric + 1;
        }
    }
}
