using Tft.Forecasting.Data;
using Tft.Forecasting.Recipe.Tables;

namespace Tft.Forecasting.Recipe.Base;

/// <summary>
/// The tables of a server: from all its days, and, cut into blocks of days, from all but one block. A window used for fitting sees tables
/// made without its own block, as a window of the future does.
/// </summary>
public sealed class CrossFit
{
    private const double LeastScale = 0.02;
    private readonly int[] _blockOfDay;
    private readonly int _firstSlot;
    private readonly int _start;

    private CrossFit(ServerTables all, ServerTables[] without, int[] blockOfDay, int start, int firstSlot) =>
        (All, Without, _blockOfDay, _start, _firstSlot) = (all, without, blockOfDay, start, firstSlot);

    /// <summary>Tables from all days.</summary>
    public ServerTables All { get; }

    /// <summary>Tables without one block each; empty where there are too few days to leave some out.</summary>
    public IReadOnlyList<ServerTables> Without { get; }

    /// <summary>The tables for a window with this origin: without the days that it forecasts, as far as some are left out.</summary>
    public ServerTables For(int origin)
    {
        var step = origin - _start + (Protocol.Horizon / 2);
        var day = (_firstSlot + step) / Protocol.Day;
        return day < _blockOfDay.Length && Without.Count > 0 ? Without[_blockOfDay[day]] : All;
    }

    /// <summary>The tables of a newcomer: from the 288 steps up to an origin alone.</summary>
    public static ServerTables OneDay(float[][] values, Func<int, int> slotOf, int origin) =>
        Build(values, slotOf(0), origin + 1 - Protocol.Context, origin + 1, 0).All;

    /// <summary>Makes the tables from the first steps of a series.</summary>
    /// <param name="values">[metrics][steps or more].</param>
    /// <param name="firstStep">Index of the first step; modulo 288 it is the slot of the day.</param>
    /// <param name="start">First step that is looked at.</param>
    /// <param name="steps">Steps up to this one are looked at.</param>
    /// <param name="blocks">Number of blocks; fewer where there are fewer days.</param>
    public static CrossFit Build(float[][] values, long firstStep, int start, int steps, int blocks)
    {
        var firstSlot = (int)((firstStep + start) % Protocol.Day);
        var length = steps - start;
        var days = (firstSlot + length + Protocol.Day - 1) / Protocol.Day;
        blocks = days >= 2 * blocks ? blocks : days >= 4 ? 2 : 0;
        var blockOfDay = new int[days];
        for (var b = 0; b < blocks; b++)
        {
            var (from, to) = (Edge(days, b, blocks), Edge(days, b + 1, blocks));
            Array.Fill(blockOfDay, b, from, to - from);
        }

        var count = values.Length;
        var tables = new SeriesTables[blocks + 1][];
        for (var b = 0; b <= blocks; b++)
            tables[b] = new SeriesTables[count];
        var anomalies = new float[count][];
        for (var m = 0; m < count; m++)
        {
            var x = values[m].AsSpan(start, length);
            var (mean, deviation, seen) = Statistics.Moments(x);
            if (seen == 0)
                (mean, deviation) = (0, 0);
            var floor = Math.Max(1e-12, 1e-6 * Math.Abs(mean));
            deviation = Math.Max(deviation, floor);
            var profiles = new DayProfile[blocks + 1];
            for (var b = 0; b <= blocks; b++)
                profiles[b] = DayProfileBuilder.Build(x, firstStep + start, day => b == blocks || blockOfDay[day] != b);
            var anomaly = anomalies[m] = new float[length];
            double sum = 0;
            for (var i = 0; i < length; i++)
            {
                var at = firstSlot + i;
                anomaly[i] = x[i] - profiles[blocks == 0 ? 0 : blockOfDay[at / Protocol.Day]].Location[at % Protocol.Day];
                sum += float.IsFinite(anomaly[i]) ? Math.Abs(anomaly[i]) : 0;
            }

            var scale = Math.Max(seen == 0 ? 0 : sum / seen, LeastScale * deviation);
            var grid = GridStep.Find(x, scale);
            for (var i = 0; i < length; i++)
                anomaly[i] = MathF.Asinh(anomaly[i] / (float)scale);
            for (var b = 0; b <= blocks; b++)
                tables[b][m] = new SeriesTables(profiles[b], (float)mean, (float)deviation, (float)scale, grid);
        }

        var cross = CrossWeights.Of(anomalies);
        return new CrossFit(new ServerTables(tables[blocks], cross), [.. tables.Take(blocks).Select(t => new ServerTables(t, cross))], blockOfDay, start, firstSlot);
    }

    private static int Edge(int days, int block, int blocks) => (int)Math.Round(days * (double)block / blocks);
}
