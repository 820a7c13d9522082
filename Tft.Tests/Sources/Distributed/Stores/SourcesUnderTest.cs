namespace Tft.Tests.Sources.Distributed.Stores;

/// <summary>All sources, by the name that the tests show.</summary>
internal static class SourcesUnderTest
{
    /// <summary>Of rows, which are read when they are there.</summary>
    public static readonly IReadOnlyDictionary<string, Func<SourceUnderTest>> Rows = new Dictionary<string, Func<SourceUnderTest>>(StringComparer.Ordinal)
    {
        ["elasticsearch"] = () => new ElasticUnderTest(isOpenSearch: false),
        ["opensearch"] = () => new ElasticUnderTest(isOpenSearch: true),
        ["files"] = () => new FilesUnderTest(),
        ["mongodb"] = () => new MongoUnderTest(),
        ["otlp"] = () => new OtlpUnderTest(),
        ["postgresql"] = () => new PostgresUnderTest(),
    };

    /// <summary>Of series, which are read on a grid by the clock.</summary>
    public static readonly IReadOnlyDictionary<string, Func<SourceUnderTest>> Series = new Dictionary<string, Func<SourceUnderTest>>(StringComparer.Ordinal)
    {
        ["influxdb 1"] = () => new InfluxUnderTest(),
        ["influxdb 2"] = () => new InfluxDoubleUnderTest(2),
        ["influxdb 3"] = () => new InfluxDoubleUnderTest(3),
        ["prometheus"] = () => new PrometheusUnderTest(),
    };
}
