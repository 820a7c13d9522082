using Tft.ServiceDefaults.Keys;
using Tft.Tests.Infrastructure;

namespace Tft.Tests.ServiceDefaults;

[Trait("Ring", "unit")]
public sealed class DotEnvTests
{
    [Theory]
    [InlineData("TFT_API_KEY=abc", "abc")]
    [InlineData("  TFT_API_KEY = abc  ", "abc")]
    [InlineData("export TFT_API_KEY=abc", "abc")]
    [InlineData("TFT_API_KEY=\"a b#c\" # note", "a b#c")]
    [InlineData("TFT_API_KEY='$HOME'", "$HOME")]
    [InlineData("TFT_API_KEY=$(rm -rf x)`id`${HOME}", "$(rm -rf x)`id`${HOME}")]
    [InlineData("TFT_API_KEY=abc # note", "abc")]
    [InlineData("TFT_API_KEY=a#b=c", "a#b=c")]
    [InlineData("\uFEFFTFT_API_KEY=abc\r\nOTHER=1", "abc")]
    [InlineData("TFT_API_KEY=old\nTFT_API_KEY=new", "new")]
    [InlineData("# TFT_API_KEY=no\nnonsense\n=x\n9A=1\nA B=2\nTFT_API_KEY=abc", "abc")]
    public void Parse_OneKey_IsReadAsData(string text, string expected)
        => Assert.Equal(expected, DotEnv.Parse(text)["TFT_API_KEY"]);

    [Theory]
    [InlineData("")]
    [InlineData("TFT_API_KEY")]
    [InlineData("TFT_API_KEY\0=x")]
    [InlineData("TFT API KEY=x")]
    public void Parse_NotAPair_IsPassedOver(string text)
        => Assert.DoesNotContain("TFT_API_KEY", DotEnv.Parse(text).Keys);

    [Fact]
    public void WriteIfAbsent_NoFile_WritesOneForTheOwnerAlone()
    {
        using var folder = new TempFolder();

        var value = DotEnv.WriteIfAbsent(folder.File(".env"), "TFT_API_KEY", "fresh");

        Assert.Equal("fresh", value);
        Assert.Equal("TFT_API_KEY=fresh\n", File.ReadAllText(folder.File(".env")));
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(folder.File(".env")));
    }

    [Fact]
    public void WriteIfAbsent_OtherSettingsInFile_KeepsThemAndTightensTheMode()
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder.File(".env"), "OTHER=1");

        DotEnv.WriteIfAbsent(folder.File(".env"), "TFT_API_KEY", "fresh");

        Assert.Equal("OTHER=1\nTFT_API_KEY=fresh\n", File.ReadAllText(folder.File(".env")));
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(folder.File(".env")));
    }

    [Fact]
    public void WriteIfAbsent_KeyThere_ReturnsItAndWritesNothing()
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder.File(".env"), "TFT_API_KEY=standing\n");

        Assert.Equal("standing", DotEnv.WriteIfAbsent(folder.File(".env"), "TFT_API_KEY", "fresh"));
        Assert.Equal("TFT_API_KEY=standing\n", File.ReadAllText(folder.File(".env")));
    }

    [Fact]
    public async Task WriteIfAbsent_ManyAtOnce_AgreeOnOneValue()
    {
        using var folder = new TempFolder();

        var values = await Task.WhenAll(Enumerable.Range(0, 8)
            .Select(i => Task.Run(() => DotEnv.WriteIfAbsent(folder.File(".env"), "TFT_API_KEY", $"v{i}")))).DefaultTimeout();

        Assert.Single(values.Distinct());
        Assert.Equal($"TFT_API_KEY={values[0]}\n", File.ReadAllText(folder.File(".env")));
    }

    [Fact]
    public void FindUpwards_FileAboveTheSolutionsRoot_IsNotLookedAt()
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder.File(".env"), "TFT_API_KEY=planted");
        var root = Directory.CreateDirectory(folder.File("repo")).FullName;
        File.WriteAllText(Path.Combine(root, "Tft.sln"), "");
        var inner = Directory.CreateDirectory(Path.Combine(root, "Tft.Inference")).FullName;

        Assert.Null(DotEnv.FindUpwards(inner, "TFT_API_KEY"));

        File.WriteAllText(Path.Combine(root, ".env"), "TFT_API_KEY=own");
        Assert.Equal("own", DotEnv.FindUpwards(inner, "TFT_API_KEY")?.Value);
    }

    [Fact]
    public void FindUpwards_FileThatOthersMayWrite_IsPassedOver()
    {
        SkipUnless.True(!OperatingSystem.IsWindows(), "file modes are a Unix matter");
        using var folder = new TempFolder();
        File.WriteAllText(folder.File(".env"), "TFT_API_KEY=planted");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(folder.File(".env"), (UnixFileMode)0b110_110_110);

        Assert.Null(DotEnv.FindUpwards(folder.Path, "TFT_API_KEY"));
        Assert.Throws<IOException>(() => DotEnv.WriteIfAbsent(folder.File(".env"), "TFT_API_KEY", "fresh"));
    }

    [Fact]
    public void FindUpwards_FileThatOthersMayWriteInACheckout_IsRead()
    {
        // Some file systems know no modes and show every file as 777.
        SkipUnless.True(!OperatingSystem.IsWindows(), "file modes are a Unix matter");
        using var folder = new TempFolder();
        File.WriteAllText(folder.File("Tft.sln"), "");
        File.WriteAllText(folder.File(".env"), "TFT_API_KEY=own");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(folder.File(".env"), (UnixFileMode)0b111_111_111);

        Assert.Equal("own", DotEnv.FindUpwards(folder.Path, "TFT_API_KEY")?.Value);
    }

    [Fact]
    public void FindUpwards_HugeFile_IsPassedOver()
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder.File(".env"), new string('#', 70_000) + "\nTFT_API_KEY=x");

        Assert.Null(DotEnv.FindUpwards(folder.Path, "TFT_API_KEY"));
    }
}
