using Aspire.Hosting;
using Aspire.Hosting.Testing;
using Tft.AppHost;

namespace Tft.Tests.AppHost;

[Trait("Ring", "unit")]
public sealed class AppHostSettingsTests
{
    [Theory]
    [InlineData(new string[0], new[] { "simulator", "host" })]
    [InlineData(new[] { "--Tft:Sources=prometheus" }, new[] { "prometheus" })]
    [InlineData(new[] { "--Tft:Sources= files , host ," }, new[] { "files", "host" })]
    [InlineData(new[] { "--Tft:Sources:0=host", "--Tft:Sources:1=mongo-db" }, new[] { "host", "mongo-db" })]
    [InlineData(new[] { "--Tft:Sources=" }, new string[0])]
    [InlineData(new[] { "--Tft:Sources:simulator:Servers=50" }, new[] { "simulator", "host" })]
    [InlineData(new[] { "--Tft:Sources=files", "--Tft:Sources:files:Path=/x" }, new[] { "files" })]
    public void Read_Sources_AreThoseConfigured(string[] args, string[] sources)
    {
        using var builder = DistributedApplicationTestingBuilder.Create(args);

        Assert.Equal(sources, AppHostSettings.Read(builder).Sources);
    }

    [Theory]
    [InlineData("Host")]
    [InlineData("a b")]
    [InlineData("host;rm")]
    [InlineData("host,host")]
    public void Read_InvalidSources_NamesTheKey(string sources)
    {
        using var builder = DistributedApplicationTestingBuilder.Create($"--Tft:Sources={sources}");

        var e = Assert.Throws<DistributedApplicationException>(() => AppHostSettings.Read(builder));

        Assert.Contains("Tft:Sources", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_DataDirectory_CountsFromTheSolutionsRoot()
    {
        using var builder = DistributedApplicationTestingBuilder.Create("--Tft:DataDirectory=elsewhere");

        var settings = AppHostSettings.Read(builder);

        Assert.Equal(Path.Combine(settings.SolutionRoot, "elsewhere"), settings.DataDirectory);
        Assert.Equal(Path.GetDirectoryName(builder.AppHostDirectory), settings.SolutionRoot);
    }
}
