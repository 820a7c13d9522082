using Tft.AppHost;
using Tft.Tests.Infrastructure;

namespace Tft.Tests.AppHost;

[Trait("Ring", "unit")]
public sealed class ApiKeyFileTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void ReadOrCreate_NoFile_CreatesOneForItsOwnerAlone()
    {
        var key = ApiKeyFile.ReadOrCreate(_folder.Path);

        Assert.Matches("^[0-9a-f]{64}$", key);
        Assert.Equal($"TFT_API_KEY={key}\n", File.ReadAllText(_folder.File(".env")));
        Assert.Equal(key, ApiKeyFile.ReadOrCreate(_folder.Path));
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_folder.File(".env")));
    }

    [Theory]
    [InlineData("TFT_API_KEY=abc\n", "abc")]
    [InlineData("# mine\nOTHER=1\n  TFT_API_KEY = \nTFT_API_KEY=\"quoted\"\n", "quoted")]
    public void ReadOrCreate_KeyInFile_IsThatKey(string text, string key)
    {
        File.WriteAllText(_folder.File(".env"), text);

        Assert.Equal(key, ApiKeyFile.ReadOrCreate(_folder.Path));
        Assert.Equal(text, File.ReadAllText(_folder.File(".env")));
    }

    [Fact]
    public void ReadOrCreate_OtherLinesOnly_AreKept()
    {
        File.WriteAllText(_folder.File(".env"), "OTHER=1");

        var key = ApiKeyFile.ReadOrCreate(_folder.Path);

        Assert.Equal($"OTHER=1\nTFT_API_KEY={key}\n", File.ReadAllText(_folder.File(".env")));
    }
}
