using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;

namespace Tft.Tests.Compat.AspireHosting;

/// <summary>Errors of the model are found before anything starts.</summary>
[Trait("Ring", "unit")]
public sealed class ModelRulesTests
{
    private readonly IDistributedApplicationTestingBuilder _builder = DistributedApplicationTestingBuilder.Create();

    [Fact]
    public void AddResource_NameTaken_Throws()
    {
        _builder.AddSleeper("one");

        var e = Assert.Throws<DistributedApplicationException>(() => _builder.AddSleeper("ONE"));

        Assert.Contains("'ONE'", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("1st")]
    [InlineData("under_score")]
    [InlineData("two--hyphens")]
    [InlineData("ends-")]
    public void AddResource_InvalidName_Throws(string name) => Assert.ThrowsAny<ArgumentException>(() => _builder.AddSleeper(name));

    [Fact]
    public void WaitFor_Itself_Throws()
    {
        var one = _builder.AddSleeper("one");

        Assert.Throws<DistributedApplicationException>(() => one.WaitFor(one));
    }

    [Fact]
    public void WithHttpHealthCheck_NoHttpEndpoint_Throws()
    {
        var one = _builder.AddSleeper("one").WithEndpoint(name: "tcp");

        var e = Assert.Throws<DistributedApplicationException>(() => one.WithHttpHealthCheck("/health"));

        Assert.Contains("no endpoint was found", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WithEndpoint_NameTaken_Throws()
    {
        var one = _builder.AddSleeper("one").WithHttpEndpoint();

        Assert.Throws<DistributedApplicationException>(() => one.WithHttpEndpoint());
    }

    [Fact]
    public void Port_BeforeAllocation_Throws()
    {
        var endpoint = _builder.AddSleeper("one").WithHttpEndpoint().GetEndpoint("http");

        Assert.True(endpoint.Exists);
        Assert.False(endpoint.IsAllocated);
        Assert.Throws<InvalidOperationException>(() => endpoint.Port);
    }

    [Fact]
    public void AddProject_UnknownLaunchProfile_Throws()
    {
        var e = Assert.Throws<DistributedApplicationException>(() => _builder.AddProject<EchoApp>("echo", "nowhere"));

        Assert.Contains("'nowhere'", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AddProject_ProfileWithTwoUrls_NamesTheSecondByNumber()
    {
        var echo = _builder.AddProject<EchoApp>("echo", "two");

        Assert.Equal(
            [("http", 9754), ("http2", 9755)],
            echo.Resource.Annotations.OfType<EndpointAnnotation>().Select(endpoint => (endpoint.Name, endpoint.Port!.Value)));
    }

    [Fact]
    public void AddProject_NoLaunchProfile_HasNoEndpoints()
    {
        var echo = _builder.AddProject<EchoApp>("echo", launchProfileName: null);

        Assert.Empty(echo.Resource.Annotations.OfType<EndpointAnnotation>());
    }

    [Fact]
    public void Build_WaitCycle_NamesTheCycle()
    {
        var one = _builder.AddSleeper("one");
        var two = _builder.AddSleeper("two").WaitFor(one);
        one.WaitFor(two);

        var e = Assert.Throws<DistributedApplicationException>(() => _builder.Build());

        Assert.Contains("one -> two -> one", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Build_SamePortTwice_NamesBoth()
    {
        using var builder = DistributedApplicationTestingBuilder.Create("--DcpPublisher:RandomizePorts=false");
        builder.AddSleeper("one").WithHttpEndpoint(port: 9000);
        builder.AddSleeper("two").WithHttpEndpoint(port: 9000);

        var e = Assert.Throws<DistributedApplicationException>(() => builder.Build());

        Assert.Contains("9000", e.Message, StringComparison.Ordinal);
        Assert.Contains("'one'", e.Message, StringComparison.Ordinal);
        Assert.Contains("'two'", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Build_ReplicasWithTargetPort_Throws()
    {
        _builder.AddProject<EchoApp>("echo").WithReplicas(2).WithEndpoint("http", endpoint => endpoint.TargetPort = 9001);

        var e = Assert.Throws<DistributedApplicationException>(() => _builder.Build());

        Assert.Contains("target port", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Build_Container_SaysThatItCannotRun()
    {
        _builder.AddResource(new ContainerResource("box"));

        var e = Assert.Throws<DistributedApplicationException>(() => _builder.Build());

        Assert.Contains("'box' is a container", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Build_PublishMode_SaysWhatToDo()
    {
        using var builder = DistributedApplicationTestingBuilder.Create("--operation", "publish", "--publisher", "manifest");
        Assert.True(builder.ExecutionContext.IsPublishMode);

        var e = Assert.Throws<NotSupportedException>(() => builder.Build());

        Assert.Contains("TftPackages=full", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", new string[0])]
    [InlineData("a  b", new[] { "a", "b" })]
    [InlineData("--name \"two words\" end", new[] { "--name", "two words", "end" })]
    [InlineData("\"\" x", new[] { "", "x" })]
    [InlineData("say \\\"hi\\\"", new[] { "say", "\"hi\"" })]
    public void Split_CommandLine_KeepsQuotedParts(string text, string[] arguments) =>
        Assert.Equal(arguments, Aspire.Hosting.Building.CommandLine.Split(text));
}
