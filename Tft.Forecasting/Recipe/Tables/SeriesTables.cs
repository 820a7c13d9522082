namespace Tft.Forecasting.Recipe.Tables;

/// <summary>What is known of one metric of one server from its history.</summary>
/// <param name="Profile">Its day.</param>
/// <param name="Mean">Mean over the history.</param>
/// <param name="Deviation">Standard deviation over the history, never 0.</param>
/// <param name="Scale">Unit A of its anomalies a = (x - c) / A.</param>
/// <param name="Grid">Step of the grid on which it is reported, or 0.</param>
public sealed record SeriesTables(DayProfile Profile, float Mean, float Deviation, float Scale, float Grid);

/// <summary>What is known of the metrics of one server, and of how they move together.</summary>
/// <param name="Metrics">By metric.</param>
/// <param name="Cross">[metrics, metrics] weights with which the anomalies of the others bear on a metric.</param>
public sealed record ServerTables(SeriesTables[] Metrics, float[] Cross)
{
    /// <summary>Number of metrics.</summary>
    public int Count => Metrics.Length;
}
