using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Tft.Dashboard.Hosting;
using Tft.ServiceDefaults.Keys;

namespace Tft.Tests.Dashboard;

[Trait("Ring", "unit")]
public sealed class SignInTests
{
    private static readonly ApiKeyLocator s_keys = new(
        new ConfigurationBuilder().AddInMemoryCollection([new(ApiKeyLocator.Setting, "secret:with:colons")]).Build(), Path.GetTempPath());

    [Theory]
    [InlineData("127.0.0.1", "127.0.0.1", "localhost:8501", true)]
    [InlineData("::1", "::1", "[::1]:8501", true)]
    [InlineData("127.0.0.1", "127.0.0.1", "127.0.0.1:8501", true)]
    [InlineData("127.0.0.1", "127.0.0.1", "evil.example:8501", false)]
    [InlineData("10.1.2.3", "10.1.2.9", "10.1.2.3:8501", false)]
    [InlineData("10.1.2.3", "10.1.2.9", "localhost:8501", false)]
    [InlineData("127.0.0.1", "10.1.2.9", "localhost", false)]
    public void IsLocal_AddressAndName_BothMustBeLoopback(string local, string remote, string host, bool expected)
    {
        var context = new DefaultHttpContext();
        (context.Connection.LocalIpAddress, context.Connection.RemoteIpAddress) = (IPAddress.Parse(local), IPAddress.Parse(remote));
        context.Request.Host = HostString.FromUriComponent(host);

        Assert.Equal(expected, SignIn.IsLocal(context));
    }

    [Theory]
    [InlineData("anyone:secret:with:colons", true)]
    [InlineData(":secret:with:colons", true)]
    [InlineData("secret:with:colons", false)]
    [InlineData("anyone:secret", false)]
    [InlineData("anyone:", false)]
    [InlineData("", false)]
    public void HasKey_UserAndPassword_ThePasswordIsTheKey(string pair, bool expected) =>
        Assert.Equal(expected, SignIn.HasKey("Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(pair)), s_keys));

    [Theory]
    [InlineData(null)]
    [InlineData("Basic")]
    [InlineData("Basic ???")]
    [InlineData("Bearer secret:with:colons")]
    public void HasKey_NoBasicCredentials_IsFalse(string? header) => Assert.False(SignIn.HasKey(header, s_keys));

    [Fact]
    public void HasKey_NoKeyConfigured_LetsNobodyIn()
    {
        using var folder = new Infrastructure.TempFolder();
        var none = new ApiKeyLocator(new ConfigurationBuilder().Build(), folder.Path);

        Assert.False(SignIn.HasKey("Basic " + Convert.ToBase64String(":"u8), none));
    }
}
