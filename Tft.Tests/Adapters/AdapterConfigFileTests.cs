using Microsoft.Extensions.Configuration;
using Tft.Adapters.Hosting;
using Tft.Adapters.Loop;
using Tft.Adapters.Sources.Host;
using Tft.Adapters.Sources.Simulator;
using Tft.Tests.Infrastructure;

namespace Tft.Tests.Adapters;

[Trait("Ring", "unit")]
public sealed class AdapterConfigFileTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Read_CommentsAndAllKeys_BecomeConfiguration()
    {
        var keys = Read("""
            {
              // the fleet
              "simulator": {"servers": 7, "sample_seconds": 10, "scenario": "cascade"},
              "tft_daemon": {"url": "http://h:1", "api_key": "k"},
              "fetch_interval": 2.5, "batch_size": 100,
            }
            """, new SimulatorKind());

        Assert.Equal("http://h:1", keys["Tft:InferenceUrl"]);
        Assert.Equal("k", keys["Tft:ApiKey"]);
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(keys).Build();
        var loop = OptionsBinding.Bind<AdapterOptions>(configuration, AdapterOptions.Section);
        Assert.Equal((2.5, 100), (loop.Interval, loop.BatchSize));
        var simulator = OptionsBinding.Bind<SimulatorOptions>(configuration, "Tft:Sources:simulator");
        Assert.Equal((7, 10, "Cascade"), (simulator.Servers, simulator.SampleSeconds, simulator.Scenario.ToString()));
    }

    [Fact]
    public void Read_UnknownKeys_AreAllNamed()
    {
        var e = Assert.Throws<ConfigurationException>(() => Read("""{"simulatr": {}, "tft_daemon": {"uri": "x"}, "batchsize": 1}""", new SimulatorKind()));

        Assert.Equal(3, e.Faults.Count);
        Assert.Contains(e.Faults, f => f.Contains("'simulatr'", StringComparison.Ordinal));
        Assert.Contains(e.Faults, f => f.Contains("'tft_daemon.uri'", StringComparison.Ordinal));
        Assert.Contains(e.Faults, f => f.Contains("'batchsize'", StringComparison.Ordinal));
    }

    [Fact]
    public void Read_NotJson_NamesTheFileAndThePlace()
    {
        var e = Assert.Throws<ConfigurationException>(() => Read("{\"host\": ", new HostKind()));

        Assert.Contains("adapter.json", Assert.Single(e.Faults), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Tft:Sources:simulator:Servers", "0")]
    [InlineData("Tft:Sources:simulator:Servers", "many")]
    [InlineData("Tft:Sources:simulator:Speed", "-3")]
    [InlineData("Tft:Sources:simulator:Colour", "red")]
    public void Bind_WrongValue_NamesTheKey(string key, string value)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new(key, value)]).Build();

        var e = Assert.Throws<ConfigurationException>(() => OptionsBinding.Bind<SimulatorOptions>(configuration, "Tft:Sources:simulator"));

        Assert.Contains(key, e.Message, StringComparison.Ordinal);
    }

    private IReadOnlyDictionary<string, string?> Read(string json, SourceKind kind)
    {
        File.WriteAllText(_folder.File("adapter.json"), json);
        return AdapterConfigFile.Read(_folder.File("adapter.json"), kind);
    }
}
