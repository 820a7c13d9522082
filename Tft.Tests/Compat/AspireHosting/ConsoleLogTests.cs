using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Logs;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.DependencyInjection;
using Tft.Tests.Infrastructure;

namespace Tft.Tests.Compat.AspireHosting;

/// <summary>The console output of a resource, line by line.</summary>
[Trait("Ring", "component")]
public sealed class ConsoleLogTests
{
    [Fact]
    public async Task WatchAsync_LinesOfBothStreams_ComeNumberedTimedAndMarked()
    {
        await using var builder = DistributedApplicationTestingBuilder.Create();
        builder.AddScript("talker", "echo out; sleep 0.2; echo err >&2; exec sleep 300");
        await using var app = await builder.BuildAsync();
        await app.StartAsync().DefaultTimeout();
        using var deadline = new CancellationTokenSource(Eventually.Timeout);
        List<LogLine> lines = [];

        await foreach (var batch in app.Services.GetRequiredService<ResourceLoggerService>().WatchAsync("talker").WithCancellation(deadline.Token))
        {
            lines.AddRange(batch);
            if (lines.Count == 2)
                break;
        }

        Assert.Equal([1, 2], lines.Select(line => line.LineNumber));
        Assert.Equal([false, true], lines.Select(line => line.IsErrorMessage));
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z out$", lines[0].Content);
    }

    [Theory]
    [InlineData("\u001b[40m\u001b[32minfo\u001b[39m\u001b[22m\u001b[49m: text", "info: text")]
    [InlineData("\u001b[1;31mred\u001b[0m [40m stays", "red [40m stays")]
    [InlineData("plain", "plain")]
    public void Strip_Colours_LeavesTheText(string line, string text) => Assert.Equal(text, AnsiText.Strip(line));

    [Fact]
    public async Task WatchAsync_FollowerThatStaysBehind_LosesTheOldestOnly()
    {
        var log = new LogBacklog();
        using var deadline = new CancellationTokenSource(Eventually.Timeout);
        await using var follower = log.FollowAsync(deadline.Token).GetAsyncEnumerator(deadline.Token);
        log.Add("first", isError: false);
        Assert.True(await follower.MoveNextAsync());

        for (var i = 0; i < LogBacklog.Capacity + 10; i++)
            log.Add($"{i}", isError: false);
        Assert.True(await follower.MoveNextAsync());

        Assert.Equal(LogBacklog.Capacity, follower.Current.Count);
        Assert.Equal("10", follower.Current[0].Content);
        Assert.Equal(LogBacklog.Capacity, log.Tail(int.MaxValue).Count);
    }
}
