using Tft.Forecasting.Data;

namespace Tft.Forecasting.Recipe.Tables;

/// <summary>
/// Origins before which a metric has been far from usual for an hour. Incidents are rare: among windows drawn evenly one in thirty shows a running one, so they are
/// taken at every step, the others at some. What is chosen is known at the origin, so what follows a window is as likely as ever, and nothing has to be corrected.
/// </summary>
internal static class UnusualHours
{
    /// <summary>How far the hour's mean is from usual, in units of the metric's anomalies.</summary>
    private const float Far = 3;

    private const int Hour = 12;

    /// <summary>The metrics and origins of a server, from first to before last.</summary>
    public static IEnumerable<(int Metric, int Origin)> Of(ServerSeries series, ServerTables tables, int first, int last)
    {
        for (var m = 0; m < series.Metrics; m++)
        {
            var table = tables.Metrics[m];
            for (var origin = first; origin < last; origin++)
            {
                var (sum, seen) = (0f, 0);
                for (var t = origin + 1 - Hour; t <= origin; t++)
                {
                    var value = series.Values[m][t];
                    if (!float.IsFinite(value))
                        continue;
                    sum += value - table.Profile.Location[series.SlotOf(t)];
                    seen++;
                }

                if (Math.Abs(sum) > Far * table.Scale * seen)
                    yield return (m, origin);
            }
        }
    }
}
