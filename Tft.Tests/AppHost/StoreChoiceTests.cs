using Aspire.Hosting;
using Tft.AppHost;

namespace Tft.Tests.AppHost;

[Trait("Ring", "unit")]
public sealed class StoreChoiceTests
{
    private static readonly StoreMachine s_full = new(RunsContainers: true, HasProgram: false, StartsPrograms: false);
    private static readonly StoreMachine s_program = new(RunsContainers: false, HasProgram: true, StartsPrograms: true);
    private static readonly StoreMachine s_nothing = new(RunsContainers: false, HasProgram: false, StartsPrograms: true);
    private static readonly StoreMachine s_fullWithoutRuntime = new(RunsContainers: false, HasProgram: true, StartsPrograms: false);

    [Theory]
    [InlineData("none", "mongodb://db/x", true, "full", nameof(StoreKind.None))]
    [InlineData("container", null, false, "full", nameof(StoreKind.Server))]
    [InlineData("Container", null, false, "program", nameof(StoreKind.Server))]
    [InlineData("local", null, false, "program", nameof(StoreKind.Server))]
    [InlineData("mongodb://db/x", null, true, "nothing", nameof(StoreKind.External))]
    [InlineData("auto", "mongodb://db/x", true, "full", nameof(StoreKind.External))]
    [InlineData("auto", null, false, "full", nameof(StoreKind.None))]
    [InlineData("auto", " ", true, "full", nameof(StoreKind.Server))]
    [InlineData("auto", null, true, "program", nameof(StoreKind.Server))]
    public void Decide_SettingAndMachine_ChooseInOrder(string setting, string? connectionString, bool needsServer, string machine, string expected)
    {
        var (kind, reason) = StoreChoiceExtensions.Decide(StoreServer.Find("mongodb"), setting, connectionString, needsServer, () => Machine(machine));

        Assert.Equal(expected, kind.ToString());
        Assert.NotEmpty(reason);
        Assert.DoesNotContain("db/x", reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("container", false, "nothing")]
    [InlineData("container", false, "fullWithoutRuntime")]
    [InlineData("local", false, "nothing")]
    [InlineData("local", false, "full")]
    [InlineData("auto", true, "nothing")]
    [InlineData("conatiner", false, "full")]
    public void Decide_CantBeDone_SaysWhatToSet(string setting, bool needsServer, string machine)
    {
        var e = Assert.Throws<DistributedApplicationException>(() =>
            StoreChoiceExtensions.Decide(StoreServer.Find("elasticsearch"), setting, null, needsServer, () => Machine(machine)));

        Assert.Contains("Tft:Elasticsearch", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Decide_SourceWithoutServerOfOurs_OnlyAConnectionStringCounts()
    {
        Assert.Equal(StoreKind.External, StoreChoiceExtensions.Decide(null, "auto", "Host=db", true, NoProbe).Kind);
        Assert.Equal(StoreKind.None, StoreChoiceExtensions.Decide(null, "auto", null, true, NoProbe).Kind);
    }

    private static StoreMachine NoProbe() => throw new InvalidOperationException("probed");

    private static StoreMachine Machine(string name) => name switch
    {
        "full" => s_full,
        "program" => s_program,
        "nothing" => s_nothing,
        _ => s_fullWithoutRuntime,
    };
}
