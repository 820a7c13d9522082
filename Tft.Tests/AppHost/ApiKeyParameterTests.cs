using Aspire.Hosting.Testing;
using Tft.AppHost;
using Tft.Tests.Infrastructure;

namespace Tft.Tests.AppHost;

/// <summary>Where the AppHost takes the key from that it hands to every service.</summary>
[Trait("Ring", "unit")]
public sealed class ApiKeyParameterTests : IDisposable
{
    private readonly TempFolder _root = new();

    public void Dispose() => _root.Dispose();

    [Fact]
    public async Task AddApiKey_NoFile_CreatesOneForItsOwnerAloneAndKeepsIt()
    {
        var key = await KeyAsync();

        Assert.Matches("^tft_[A-Za-z0-9_-]{43}$", key);
        Assert.Equal($"TFT_API_KEY={key}\n", await File.ReadAllTextAsync(_root.File(".env")));
        Assert.Equal(key, await KeyAsync());
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_root.File(".env")));
    }

    [Fact]
    public async Task AddApiKey_Configured_LeavesNoFile()
    {
        Assert.Equal("own", await KeyAsync("--Tft:ApiKey=own"));
        Assert.Equal("parameter", await KeyAsync("--Tft:ApiKey=own", "--Parameters:tft_api_key=parameter"));
        Assert.False(File.Exists(_root.File(".env")));
    }

    private async Task<string?> KeyAsync(params string[] args)
    {
        await using var builder = DistributedApplicationTestingBuilder.Create(args);
        var settings = AppHostSettings.Read(builder) with { SolutionRoot = _root.Path };
        var parameter = builder.AddApiKey(settings);
        Assert.True(parameter.Resource.Secret);
        return await parameter.Resource.GetValueAsync(CancellationToken.None).DefaultTimeout();
    }
}
