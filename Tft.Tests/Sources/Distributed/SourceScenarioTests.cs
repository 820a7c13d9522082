namespace Tft.Tests.Sources.Distributed;

/// <summary>
/// For each source the whole AppHost: a day of 50 servers is back-filled and live rows arrive exactly once, whatever is killed, stopped, cut,
/// late, doubled or of another shape. What the service holds is compared bucket by bucket with what was written into the source.
/// </summary>
[Trait("Ring", "distributed")]
public sealed class SourceScenarioTests
{
    private static readonly Dictionary<string, Func<SourceUnderTest>> s_sources = new(StringComparer.Ordinal)
    {
        ["elasticsearch"] = () => new ElasticUnderTest(isOpenSearch: false),
        ["opensearch"] = () => new ElasticUnderTest(isOpenSearch: true),
        ["postgresql"] = () => new PostgresUnderTest(),
    };

    public static TheoryData<string> Sources => [.. s_sources.Keys];

    [Theory]
    [MemberData(nameof(Sources))]
    public async Task Day_FaultsOfEveryKind_EveryRowIsThereExactlyOnce(string source)
    {
        await using var run = new SourceRun(s_sources[source](), Enumerable.Range(1, 50).Select(i => $"ppweb{i:000}"));
        await run.StartSourceAsync();
        await new SourceScenario(run).PlayAsync();
    }
}
