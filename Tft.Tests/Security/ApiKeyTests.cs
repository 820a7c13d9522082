using Microsoft.Extensions.Logging.Abstractions;
using Tft.Inference.Security;
using Tft.Tests.Infrastructure;

namespace Tft.Tests.Security;

[Trait("Ring", "unit")]
public sealed class ApiKeyTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly FakeTimeProvider _clock = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Verify_KeyOfTheConfiguration_HasAllScopes()
    {
        var store = Store("secret");

        Assert.Equal(new ApiKeyIdentity("env", KeyScopes.All), store.Verify("secret"));
        Assert.Null(store.Verify("secrets"));
        Assert.Null(store.Verify(""));
    }

    [Fact]
    public void Verify_NoKeyConfigured_OpensForNobody()
    {
        Assert.Null(Store(null).Verify(""));
        Assert.Null(Store("").Verify(""));
    }

    [Fact]
    public void Create_Key_IsVerifiedAndKeptOnlyAsHash()
    {
        var file = new ApiKeyFile(_folder.Path, _clock);
        var (stored, key) = file.Create(KeyScopes.Feed | KeyScopes.Read, note: "adapter");

        Assert.Equal(new ApiKeyIdentity(stored.Id, KeyScopes.Feed | KeyScopes.Read), Store(null).Verify(key));
        Assert.DoesNotContain(key, File.ReadAllText(file.Path));
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file.Path));
    }

    [Fact]
    public void Verify_AfterExpiry_Refuses()
    {
        var (_, key) = new ApiKeyFile(_folder.Path, _clock).Create(KeyScopes.Feed, TimeSpan.FromDays(90));
        var store = Store(null);
        _clock.Advance(TimeSpan.FromDays(90) - TimeSpan.FromSeconds(1));
        Assert.NotNull(store.Verify(key));

        _clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Null(store.Verify(key));
    }

    [Fact]
    public void Revoke_WhileTheServiceRuns_IsSeenWithoutARestart()
    {
        var file = new ApiKeyFile(_folder.Path, _clock);
        var (stored, key) = file.Create(KeyScopes.Feed);
        var store = Store(null);
        Assert.NotNull(store.Verify(key));

        Assert.True(file.Revoke(stored.Id));
        Assert.False(file.Revoke(stored.Id));
        File.SetLastWriteTimeUtc(file.Path, DateTime.UtcNow.AddSeconds(5));
        _clock.Advance(TimeSpan.FromSeconds(3));

        Assert.Null(store.Verify(key));
        Assert.NotNull(Assert.Single(file.Load()).Revoked);
    }

    [Fact]
    public void Verify_FileBreaksWhileTheServiceRuns_KeysReadBeforeStayInForce()
    {
        var file = new ApiKeyFile(_folder.Path, _clock);
        var (_, key) = file.Create(KeyScopes.Feed);
        var store = Store(null);

        File.WriteAllText(file.Path, "{broken");
        File.SetLastWriteTimeUtc(file.Path, DateTime.UtcNow.AddSeconds(5));
        _clock.Advance(TimeSpan.FromSeconds(3));

        Assert.NotNull(store.Verify(key));
        Assert.Throws<InvalidDataException>(() => file.Load());
    }

    [Theory]
    [InlineData("feed", (int)KeyScopes.Feed)]
    [InlineData("feed, admin", (int)(KeyScopes.Feed | KeyScopes.Admin))]
    [InlineData("", null)]
    [InlineData("feed,write", null)]
    public void TryParse_ListOfScopes_KnowsEachOrRefuses(string text, int? expected)
    {
        Assert.Equal(expected is not null, KeyScopesText.TryParse(text, out var scopes));
        if (expected is not null)
            Assert.Equal((KeyScopes)expected, scopes);
    }

    private ApiKeyStore Store(string? environmentKey) =>
        new(environmentKey, new ApiKeyFile(_folder.Path, _clock), _clock, NullLogger<ApiKeyStore>.Instance);
}
