using Tft.AppHost;

namespace Tft.Tests.AppHost;

[Trait("Ring", "unit")]
public sealed class RedisChoiceTests
{
    [Theory]
    [InlineData("none", "db:6379", true, true, nameof(RedisKind.None))]
    [InlineData("LOCAL", null, true, false, nameof(RedisKind.Local))]
    [InlineData("container", null, false, true, nameof(RedisKind.Container))]
    [InlineData("db:6379,password=x", null, true, true, nameof(RedisKind.External))]
    [InlineData("auto", "db:6379", true, true, nameof(RedisKind.External))]
    [InlineData("auto", null, true, true, nameof(RedisKind.Container))]
    [InlineData("auto", " ", false, true, nameof(RedisKind.Local))]
    [InlineData("auto", null, false, false, nameof(RedisKind.None))]
    public void Decide_SettingAndMachine_ChooseInOrder(string setting, string? connectionString, bool containers, bool redisServer, string expected)
    {
        var (kind, reason) = RedisChoiceExtensions.Decide(setting, connectionString, () => new Machine(containers, redisServer));

        Assert.Equal(expected, kind.ToString());
        Assert.NotEmpty(reason);
        Assert.DoesNotContain("password", reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Decide_ChoiceIsGiven_DoesNotProbeTheMachine() =>
        RedisChoiceExtensions.Decide("none", null, () => throw new InvalidOperationException("probed"));
}
