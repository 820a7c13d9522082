using Tft.Contract.Servers;
using Tft.Inference.Remediation;
using Tft.Inference.Risk;
using Tft.Inference.SelfWatch;
using Tft.Tests.Infrastructure;

namespace Tft.Tests.Remediation;

[Trait("Ring", "unit")]
public sealed class RunbookTableTests : IDisposable
{
    private const string Step = """{"look":"l","do":"d","risk":"r","back":"b"}""";

    private readonly TempFolder _folder = new();

    [Fact]
    public void Shipped_Table_IsWholeAndHasARunbookForEverything()
    {
        var table = Load(null);

        foreach (var metric in RiskMetrics.All)
        {
            foreach (var profile in Enum.GetValues<ServerProfile>())
            {
                Assert.NotNull(table.For(metric.Id, profile, isNow: true));
                Assert.NotNull(table.For(metric.Id, profile, isNow: false));
            }
        }

        Assert.All(SelfWatchSetup.Rules, rule => Assert.NotNull(table.For(rule)));
        // by the rules of a file of one's own
        Assert.Empty(RunbookRules.Faults(new() { Runbooks = [.. table.All.Select(r => new RunbookEntry
        {
            Id = r.Id, Title = r.Title, About = r.About, Metrics = [.. r.Metrics], Profiles = [.. r.Profiles], Rules = [.. r.Rules], When = r.When,
            Steps = [.. r.Steps.Select(s => new StepEntry { Look = s.Look, Do = s.Do, Risk = s.Risk, Back = s.Back })],
        })] }));
    }

    [Theory]
    [InlineData(nameof(RiskMetric.Memory), ServerProfile.Database, true, "memory-database")]
    [InlineData(nameof(RiskMetric.Memory), ServerProfile.Database, false, "memory-database")]
    [InlineData(nameof(RiskMetric.Memory), ServerProfile.WebApi, true, "memory-now")]
    [InlineData(nameof(RiskMetric.Memory), ServerProfile.Unknown, false, "memory-ahead")]
    [InlineData(nameof(RiskMetric.Load), ServerProfile.MlCompute, false, "cpu-ml")]
    [InlineData(nameof(RiskMetric.Load), ServerProfile.Database, false, "load")]
    public void For_ProfileComesBeforeTime_AndTimeBeforeAny(string metric, ServerProfile profile, bool isNow, string id) =>
        Assert.Equal(id, Load(null).For(Enum.Parse<RiskMetric>(metric), profile, isNow)!.Id);

    [Fact]
    public void Own_Runbooks_ReplaceThoseOfTheirIdAndComeFirst()
    {
        var table = Load($$"""
            { "runbooks": [
              { "id": "swap", "title": "ours", "about": "a", "metrics": ["swap_used_pct"], "steps": [{{Step}}] }, // a remark
              { "id": "ours-2", "title": "all disks", "about": "a", "metrics": ["disk_usage_pct"], "when": "now", "steps": [{{Step}}] },
            ] }
            """);

        Assert.Equal("ours", table.For(RiskMetric.Swap, ServerProfile.WebApi, true)!.Title);
        Assert.Equal("ours-2", table.For(RiskMetric.Disk, ServerProfile.WebApi, true)!.Id);
        Assert.Equal("disk-ahead", table.For(RiskMetric.Disk, ServerProfile.WebApi, false)!.Id);
        Assert.Single(table.All, r => r.Id == "swap");
    }

    [Fact]
    public void Own_Only_LeavesTheOthersOut()
    {
        var table = Load($$"""{ "only": true, "runbooks": [ { "id": "one", "title": "t", "about": "a", "metrics": ["cpu_used"], "steps": [{{Step}}] } ] }""");

        Assert.Equal("one", Assert.Single(table.All).Id);
        Assert.Null(table.For(RiskMetric.Memory, ServerProfile.WebApi, true));
        Assert.Null(table.For("system_disk"));
    }

    [Theory]
    [InlineData("""{ "runbooks": [] }""", "runbooks: is missing or empty.")]
    [InlineData("null", "is null.")]
    [InlineData("{ \"runbooks\":\n [ }", "line 2, byte")]
    [InlineData("""{ "runbook": [] }""", "runbook")]
    [InlineData("""{ "runbooks": [null] }""", "runbooks[0]: is null.")]
    [InlineData("""{ "runbooks": [ { "id": "A b", "title": "t", "about": "a", "metrics": ["cpu_used"], "steps": [STEP] } ] }""", "runbooks[0].id: must be 1 to 64 of a-z, 0-9 and -, is 'A b'.")]
    [InlineData("""{ "runbooks": [ { "id": "a", "about": "a", "metrics": ["cpu_used"], "steps": [STEP] } ] }""", "runbooks[0] (a).title: is missing.")]
    [InlineData("""{ "runbooks": [ { "id": "a", "title": "t", "about": "a", "steps": [STEP] } ] }""", "runbooks[0] (a): names neither metrics nor rules")]
    [InlineData("""{ "runbooks": [ { "id": "a", "title": "t", "about": "a", "metrics": ["cpu"], "steps": [STEP] } ] }""", "runbooks[0] (a).metrics: 'cpu' is not one of cpu_used, cpu_iowait_pct")]
    [InlineData("""{ "runbooks": [ { "id": "a", "title": "t", "about": "a", "metrics": ["cpu_used"], "profiles": ["web"], "steps": [STEP] } ] }""", "(a).profiles: 'web' is not one of ml_compute")]
    [InlineData("""{ "runbooks": [ { "id": "a", "title": "t", "about": "a", "rules": ["disk"], "steps": [STEP] } ] }""", "(a).rules: 'disk' is not one of system_journal")]
    [InlineData("""{ "runbooks": [ { "id": "a", "title": "t", "about": "a", "metrics": ["cpu_used"], "when": "later", "steps": [STEP] } ] }""", "(a).when: is 'later', must be one of any, now, ahead.")]
    [InlineData("""{ "runbooks": [ { "id": "a", "title": "t", "about": "a", "metrics": ["cpu_used"], "steps": [] } ] }""", "(a).steps: must be 1 to 30, are 0.")]
    [InlineData("""{ "runbooks": [ { "id": "a", "title": "t", "about": "a", "metrics": ["cpu_used"], "steps": [STEP, {"look":"l","do":"d","risk":" ","back":"b"}] } ] }""", "(a).steps[1].risk: is missing.")]
    [InlineData("""{ "runbooks": [ { "id": "a", "title": "t", "about": "a", "metrics": ["cpu_used"], "steps": [STEP] }, { "id": "a", "title": "t", "about": "a", "metrics": ["cpu_used"], "steps": [STEP] } ] }""", "the id 'a' is there 2 times.")]
    public void Own_Fault_NamesFileAndPlace(string json, string said)
    {
        var path = Write(json.Replace("STEP", Step, StringComparison.Ordinal));
        var result = new RemediationOptionsValidator().Validate(null, new() { Runbooks = path });

        Assert.True(result.Failed);
        var failure = Assert.Single(result.Failures!);
        Assert.StartsWith($"Tft:Remediation:Runbooks: {path}", failure, StringComparison.Ordinal);
        Assert.Contains(said, failure, StringComparison.Ordinal);
    }

    [Fact]
    public void Own_FileThatIsNotThere_IsSaid()
    {
        var result = new RemediationOptionsValidator().Validate(null, new() { Runbooks = Path.Combine(_folder.Path, "none.json"), Approvals = 5 });
        Assert.Equal(2, result.Failures!.Count());
        Assert.Contains(result.Failures!, f => f.Contains("none.json can't be read", StringComparison.Ordinal));
        Assert.Contains(result.Failures!, f => f.Contains("Approvals must be between 100 and 20000, is 5.", StringComparison.Ordinal));
    }

    public void Dispose() => _folder.Dispose();

    private string Write(string json)
    {
        var path = Path.Combine(_folder.Path, "runbooks.json");
        File.WriteAllText(path, json);
        return path;
    }

    private RunbookTable Load(string? json)
    {
        var failures = new List<string>();
        var table = RunbookTable.Load(json is null ? null : Write(json), failures);
        Assert.Empty(failures);
        return table;
    }
}
