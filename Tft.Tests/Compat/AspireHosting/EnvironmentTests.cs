using System.Net.Http.Json;
using System.Text.RegularExpressions;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Tft.Tests.Infrastructure;

namespace Tft.Tests.Compat.AspireHosting;

/// <summary>What a resource finds in its environment, to the variable.</summary>
[Trait("Ring", "component")]
public sealed class EnvironmentTests
{
    private static readonly string[] OfDevelopment =
    [
        "OTEL_BLRP_SCHEDULE_DELAY=1000",
        "OTEL_BSP_SCHEDULE_DELAY=1000",
        "OTEL_METRIC_EXPORT_INTERVAL=1000",
        "OTEL_TRACES_SAMPLER=always_on",
        "OTEL_METRICS_EXEMPLAR_FILTER=trace_based",
        "OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT=true",
        "OTEL_DOTNET_EXPERIMENTAL_ASPNETCORE_DISABLE_URL_QUERY_REDACTION=true",
        "OTEL_DOTNET_EXPERIMENTAL_HTTPCLIENT_DISABLE_URL_QUERY_REDACTION=true",
    ];

    [Fact]
    public async Task Project_InDevelopment_GetsExactlyAspiresVariables()
    {
        await using var builder = DistributedApplicationTestingBuilder.Create("--environment=Development");
        var redis = builder.AddConnectionString("redis", ReferenceExpression.Create($"somewhere:6379"));
        var other = builder.AddEchoApp("other-service");
        builder.AddEchoApp("echo").WithReference(redis).WithReference(other).WithEnvironment("Tft__Some", "value");
        await using var app = await builder.BuildAsync();
        await app.StartAsync().DefaultTimeout();
        await app.ResourceNotifications.WaitForResourceHealthyAsync("echo").DefaultTimeout();

        var variables = await app.CreateHttpClient("echo").GetFromJsonAsync<Dictionary<string, string>>("/variables").DefaultTimeout();

        var advertised = app.GetEndpoint("other-service").GetLeftPart(UriPartial.Authority);
        var own = Added(variables!).Select(Masked).Order(StringComparer.Ordinal);
        Assert.Equal(
            OfDevelopment.Concat(
            [
                "ASPNETCORE_ENVIRONMENT=Development",
                "ASPNETCORE_URLS=http://localhost:{own port}",
                "ConnectionStrings__redis=somewhere:6379",
                "DOTNET_LAUNCH_PROFILE=http",
                "DOTNET_SYSTEM_CONSOLE_ALLOW_ANSI_COLOR_REDIRECTION=true",
                "FROM_PROFILE=yes",
                "LOGGING__CONSOLE__FORMATTERNAME=simple",
                "OTEL_DOTNET_EXPERIMENTAL_OTLP_RETRY=in_memory",
                "OTEL_RESOURCE_ATTRIBUTES=service.instance.id={8 letters}",
                "OTEL_SERVICE_NAME=echo",
                $"OTHER_SERVICE_HTTP={advertised}",
                "Tft__Some=value",
                $"services__other-service__http__0={advertised}",
            ]).Order(StringComparer.Ordinal),
            own);
        Assert.DoesNotContain(app.GetEndpoint("echo").Port.ToString(), variables!["ASPNETCORE_URLS"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Project_LaterVariable_OverwritesTheProfiles()
    {
        await using var builder = DistributedApplicationTestingBuilder.Create();
        builder.AddEchoApp("echo")
            .WithEnvironment("FROM_PROFILE", "first")
            .WithEnvironment(context => context.EnvironmentVariables["FROM_PROFILE"] += ", then");
        await using var app = await builder.BuildAsync();
        await app.StartAsync().DefaultTimeout();
        await app.ResourceNotifications.WaitForResourceHealthyAsync("echo").DefaultTimeout();

        var variables = await app.CreateHttpClient("echo").GetFromJsonAsync<Dictionary<string, string>>("/variables").DefaultTimeout();

        Assert.Equal("first, then", variables!["FROM_PROFILE"]);
        Assert.Equal("echo", variables["OTEL_SERVICE_NAME"]);
        Assert.False(variables.ContainsKey("OTEL_BSP_SCHEDULE_DELAY"), "only in Development");
    }

    [Fact]
    public async Task Project_Started_HasProfileArgumentsFirstAndItsOwnDirectory()
    {
        await using var builder = DistributedApplicationTestingBuilder.Create();
        builder.AddEchoApp("echo").WithArgs("--then", "own");
        await using var app = await builder.BuildAsync();
        await app.StartAsync().DefaultTimeout();
        await app.ResourceNotifications.WaitForResourceHealthyAsync("echo").DefaultTimeout();
        using var client = app.CreateHttpClient("echo");

        Assert.Equal(["--from", "profile", "--then", "own"], await client.GetFromJsonAsync<string[]>("/arguments").DefaultTimeout() ?? []);
        Assert.Equal(Path.GetDirectoryName(new EchoApp().ProjectPath), await client.GetStringAsync("/directory").DefaultTimeout());
    }

    [Fact]
    public async Task Project_OtlpEndpointConfigured_IsHandedOn()
    {
        await using var builder = DistributedApplicationTestingBuilder.Create(
            "--ASPIRE_DASHBOARD_OTLP_HTTP_ENDPOINT_URL=http://localhost:4318", "--AppHost:OtlpApiKey=k");
        builder.AddEchoApp("echo");
        await using var app = await builder.BuildAsync();
        await app.StartAsync().DefaultTimeout();
        await app.ResourceNotifications.WaitForResourceHealthyAsync("echo").DefaultTimeout();

        var variables = await app.CreateHttpClient("echo").GetFromJsonAsync<Dictionary<string, string>>("/variables").DefaultTimeout();

        Assert.Equal("http://localhost:4318", variables!["OTEL_EXPORTER_OTLP_ENDPOINT"]);
        Assert.Equal("http/protobuf", variables["OTEL_EXPORTER_OTLP_PROTOCOL"]);
        Assert.Equal("x-otlp-api-key=k", variables["OTEL_EXPORTER_OTLP_HEADERS"]);
    }

    [Fact]
    public async Task Executable_Started_GetsNothingButItsOwn()
    {
        await using var builder = DistributedApplicationTestingBuilder.Create("--environment=Development", "--Parameters:the-key=s3cret");
        var key = builder.AddParameter("the-key", secret: true);
        builder.AddScript("script", "env; exec sleep 300")
            .WithEndpoint(name: "door", env: "DOOR")
            .WithEnvironment("KEY", key)
            .WithEnvironment("TEXT", $"<{key}>");
        await using var app = await builder.BuildAsync();
        await app.StartAsync().DefaultTimeout();

        var lines = await app.LinesOf("script", until: line => line.StartsWith("TEXT=", StringComparison.Ordinal) || line.StartsWith("KEY=", StringComparison.Ordinal), count: 2);

        Assert.Contains("KEY=s3cret", lines);
        Assert.Contains("TEXT=<s3cret>", lines);
        Assert.DoesNotContain(lines, line => line.StartsWith("OTEL_SERVICE_NAME", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Project_MissingParameter_FailsToStartAndSaysWhichKey()
    {
        await using var builder = DistributedApplicationTestingBuilder.Create();
        var key = builder.AddParameter("no-such", secret: true);
        builder.AddSleeper("script").WithEnvironment("KEY", key);
        await using var app = await builder.BuildAsync();
        await app.StartAsync().DefaultTimeout();

        var e = await Assert.ThrowsAsync<DistributedApplicationException>(
            () => app.ResourceNotifications.WaitForResourceHealthyAsync("script").DefaultTimeout());

        Assert.Contains("Parameters:no-such", e.Message, StringComparison.Ordinal);
        Assert.True(app.ResourceNotifications.TryGetCurrentState("script", out var state));
        Assert.Equal(KnownResourceStates.FailedToStart, state.Snapshot.State!.Text);
    }

    [Fact]
    public async Task WithReference_OptionalConnectionStringMissing_IsLeftOut()
    {
        await using var builder = DistributedApplicationTestingBuilder.Create();
        var missing = builder.AddConnectionString("nowhere");
        builder.AddScript("script", "echo \"[$ConnectionStrings__nowhere]\"; exec sleep 300").WithReference(missing, optional: true);
        await using var app = await builder.BuildAsync();
        await app.StartAsync().DefaultTimeout();

        Assert.Contains("[]", await app.LinesOf("script", until: line => line.StartsWith('[')));
    }

    /// <summary>What the process has and this one has not, or has otherwise.</summary>
    private static IEnumerable<string> Added(Dictionary<string, string> variables) => variables
        .Where(pair => Environment.GetEnvironmentVariable(pair.Key) != pair.Value && pair.Key is not ("_" or "PWD" or "OLDPWD" or "SHLVL"))
        .Select(pair => $"{pair.Key}={pair.Value}");

    private static string Masked(string line)
    {
        line = Regex.Replace(line, "^(ASPNETCORE_URLS=http://localhost:)[0-9]+$", "$1{own port}");
        return Regex.Replace(line, "(service.instance.id=)[a-z]{8}$", "$1{8 letters}");
    }
}
