using Microsoft.Extensions.Configuration;
using Tft.ServiceDefaults.Keys;
using Tft.Tests.Infrastructure;

namespace Tft.Tests.ServiceDefaults;

[Trait("Ring", "unit")]
public sealed class ApiKeyLocatorTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Find_AllPlaces_OwnSettingFirst()
    {
        WriteFile("from-file");

        var key = Locator(("Tft:ApiKey", "own"), ("TFT_API_KEY", "variable")).Find();

        Assert.Equal("own", key?.Value);
        Assert.Equal("Tft:ApiKey", key?.Origin);
    }

    [Fact]
    public void Find_FileInParentAndVariable_FileFirst()
    {
        WriteFile("from-file");
        var below = Directory.CreateDirectory(_folder.File("a/b")).FullName;

        var key = new ApiKeyLocator(Configuration(("TFT_API_KEY", "variable")), below).Find();

        Assert.Equal("from-file", key?.Value);
        Assert.Equal(_folder.File(".env"), key?.Origin);
    }

    [Fact]
    public void Find_VariableAlone_IsTheLast()
        => Assert.Equal("variable", Locator(("Tft:ApiKey", ""), ("TFT_API_KEY", "variable")).Find()?.Value);

    [Theory]
    [InlineData("a b")]
    [InlineData("a\r\nX-Evil: 1")]
    [InlineData("schlüssel")]
    public void Find_ValueThatIsNoKey_SaysWhereButNotWhat(string value)
    {
        var e = Assert.Throws<InvalidOperationException>(() => Locator(("Tft:ApiKey", value)).Find());

        Assert.Contains("Tft:ApiKey", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(value, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Find_NoneAndThenWritten_IsFoundAfterAWhile()
    {
        var clock = new FakeTimeProvider();
        var locator = new ApiKeyLocator(Configuration(), _folder.Path, clock);
        Assert.Null(locator.Find());
        WriteFile("later");
        Assert.Null(locator.Find());

        clock.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal("later", locator.Find()?.Value);
    }

    [Fact]
    public void Forget_KeyRotated_FindsTheNewOne()
    {
        WriteFile("old");
        var locator = Locator();
        Assert.Equal("old", locator.Find()?.Value);
        WriteFile("new");
        Assert.Equal("old", locator.Find()?.Value);

        locator.Forget();

        Assert.Equal("new", locator.Find()?.Value);
    }

    [Fact]
    public void FindOrCreate_NoneAnywhere_WritesOneThatOthersFind()
    {
        var created = Locator().FindOrCreate();

        Assert.True(created.Value.Length >= 40);
        Assert.Equal(created.Value, Locator().Find()?.Value);
        Assert.DoesNotContain(created.Value, created.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Generate_Twice_Differs() => Assert.NotEqual(ApiKeyLocator.Generate(), ApiKeyLocator.Generate());

    private void WriteFile(string key) => File.WriteAllText(_folder.File(".env"), $"TFT_API_KEY={key}\n");

    private ApiKeyLocator Locator(params (string Key, string Value)[] settings) => new(Configuration(settings), _folder.Path);

    private static IConfiguration Configuration(params (string Key, string Value)[] settings)
        => new ConfigurationBuilder().AddInMemoryCollection(settings.ToDictionary(s => s.Key, s => (string?)s.Value)).Build();
}
