using System.Globalization;
using System.Text;
using Tft.Forecasting.Data;

namespace Tft.Tests.Commands;

/// <summary>Series as the files that <c>train</c> and <c>evaluate</c> read.</summary>
internal static class SeriesFiles
{
    /// <summary>Writes NAME.csv with the columns t, fold and the metrics.</summary>
    public static void WriteCsv(string folder, ServerSeries series)
    {
        Directory.CreateDirectory(folder);
        var text = new StringBuilder($"t,fold,{string.Join(',', series.MetricNames)}\n");
        for (var step = 0; step < series.Steps; step++)
        {
            text.Append(CultureInfo.InvariantCulture, $"{series.FirstStep + step},{(step < series.FitSteps ? "fit" : "eval")}");
            foreach (var values in series.Values)
                text.Append(CultureInfo.InvariantCulture, $",{(float.IsNaN(values[step]) ? "" : values[step].ToString("R", CultureInfo.InvariantCulture))}");
            text.Append('\n');
        }

        File.WriteAllText(Path.Combine(folder, series.Name + ".csv"), text.ToString());
    }
}
