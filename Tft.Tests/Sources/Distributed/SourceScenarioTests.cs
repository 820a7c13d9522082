using Xunit.Abstractions;

namespace Tft.Tests.Sources.Distributed;

/// <summary>
/// For each source the whole AppHost: a day of 50 servers is back-filled and live rows arrive exactly once, whatever is killed, stopped, cut,
/// late, doubled or of another shape. What the service holds is compared bucket by bucket with what was written into the source.
/// </summary>
public abstract class SourceScenarioTests(ITestOutputHelper output)
{
    private protected async Task PlayAsync(SourceUnderTest source)
    {
        await using var run = new SourceRun(source, Enumerable.Range(1, 50).Select(i => $"ppweb{i:000}"), output.WriteLine);
        await run.StartSourceAsync();
        await new SourceScenario(run).PlayAsync();
    }
}

/// <summary>Sources of rows, which are read when they are there.</summary>
[Trait("Ring", "distributed")]
public sealed class RowSourceScenarioTests(ITestOutputHelper output) : SourceScenarioTests(output)
{
    private static readonly Dictionary<string, Func<SourceUnderTest>> s_sources = new(StringComparer.Ordinal)
    {
        ["elasticsearch"] = () => new ElasticUnderTest(isOpenSearch: false),
        ["opensearch"] = () => new ElasticUnderTest(isOpenSearch: true),
        ["files"] = () => new FilesUnderTest(),
        ["mongodb"] = () => new MongoUnderTest(),
        ["otlp"] = () => new OtlpUnderTest(),
        ["postgresql"] = () => new PostgresUnderTest(),
    };

    public static TheoryData<string> Sources => [.. s_sources.Keys];

    [Theory]
    [MemberData(nameof(Sources))]
    public Task Day_FaultsOfEveryKind_EveryRowIsThereExactlyOnce(string source) => PlayAsync(s_sources[source]());
}

/// <summary>Sources of series, which are read on a grid by the clock: much of the time is waiting, so they run beside the others.</summary>
[Trait("Ring", "distributed")]
public sealed class SeriesSourceScenarioTests(ITestOutputHelper output) : SourceScenarioTests(output)
{
    private static readonly Dictionary<string, Func<SourceUnderTest>> s_sources = new(StringComparer.Ordinal)
    {
        ["influxdb 1"] = () => new InfluxUnderTest(),
        ["influxdb 2"] = () => new InfluxDoubleUnderTest(2),
        ["influxdb 3"] = () => new InfluxDoubleUnderTest(3),
        ["prometheus"] = () => new PrometheusUnderTest(),
    };

    public static TheoryData<string> Sources => [.. s_sources.Keys];

    [Theory]
    [MemberData(nameof(Sources))]
    public Task Day_FaultsOfEveryKind_EveryRowIsThereExactlyOnce(string source) => PlayAsync(s_sources[source]());
}
