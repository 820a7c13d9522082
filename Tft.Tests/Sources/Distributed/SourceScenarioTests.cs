using Tft.Tests.Sources.Distributed.Stores;
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

[Trait("Ring", "distributed")]
public sealed class RowSourceScenarioTests(ITestOutputHelper output) : SourceScenarioTests(output)
{
    public static TheoryData<string> Sources => [.. SourcesUnderTest.Rows.Keys];

    [Theory]
    [MemberData(nameof(Sources))]
    public Task Day_FaultsOfEveryKind_EveryRowIsThereExactlyOnce(string source) => PlayAsync(SourcesUnderTest.Rows[source]());
}

/// <summary>Much of the time is waiting for the clock, so they run beside the others.</summary>
[Trait("Ring", "distributed")]
public sealed class SeriesSourceScenarioTests(ITestOutputHelper output) : SourceScenarioTests(output)
{
    public static TheoryData<string> Sources => [.. SourcesUnderTest.Series.Keys];

    [Theory]
    [MemberData(nameof(Sources))]
    public Task Day_FaultsOfEveryKind_EveryRowIsThereExactlyOnce(string source) => PlayAsync(SourcesUnderTest.Series[source]());
}
