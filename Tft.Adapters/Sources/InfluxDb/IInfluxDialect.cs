namespace Tft.Adapters.Sources.InfluxDb;

/// <summary>What differs between the versions: the language of a query, and the shape of its answer.</summary>
internal interface IInfluxDialect
{
    /// <summary>
    /// One value per server and span of <paramref name="step"/> seconds in [from, until), named by the span's start: the mean, for counts
    /// and uptime the last, for counters the growth per second summed over their series.
    /// </summary>
    HttpRequestMessage Request(InfluxField field, long from, long until, int step);

    /// <exception cref="FormatException">The answer is not of this version.</exception>
    void Read(string answer, Action<string, long, double> point);
}
