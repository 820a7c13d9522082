using Aspire.Hosting;
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

    [Theory]
    [InlineData("conatiner", "container")]
    [InlineData("Contaner", "container")]
    [InlineData("loacl", "local")]
    [InlineData("non", "none")]
    [InlineData("auot", "auto")]
    public void Decide_MisspeltWord_IsNotTakenForAHost(string setting, string meant)
    {
        var e = Assert.Throws<DistributedApplicationException>(() => RedisChoiceExtensions.Decide(setting, null, () => throw new InvalidOperationException("nothing to probe for")));

        Assert.Equal($"Tft:Redis: '{setting}' is nearly '{meant}'. If a host is called that, name its port: {setting}:6379.", e.Message);
    }

    [Theory]
    [InlineData("redis")]
    [InlineData("localhost")]
    [InlineData("cache")]
    [InlineData("none:6379")]
    [InlineData("redis-local")]
    public void Decide_HostsName_IsAConnectionString(string setting) =>
        Assert.Equal(RedisKind.External, RedisChoiceExtensions.Decide(setting, null, () => throw new InvalidOperationException("nothing to probe for")).Kind);

    [Fact]
    public void Decide_ChoiceIsGiven_DoesNotProbeTheMachine() =>
        RedisChoiceExtensions.Decide("none", null, () => throw new InvalidOperationException("probed"));
}
