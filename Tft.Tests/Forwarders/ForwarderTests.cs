using System.Globalization;
using Microsoft.AspNetCore.Http;
using Tft.Tests.Adapters;
using Tft.Tests.Feed;
using Tft.Tests.Infrastructure;

namespace Tft.Tests.Forwarders;

/// <summary>The programs of docs/integration, each against a service that fails in every way it may.</summary>
[Trait("Ring", "service")]
public sealed class ForwarderTests : IDisposable
{
    private static readonly string[] s_stdin = ["-"];

    private readonly TempFolder _folder = new();

    public static TheoryData<string> Programs => ["forward.py", "forward.sh", "forward.mjs", "csharp/Program.cs", "forward.go", "forward.ps1"];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Programs))]
    public async Task Lines_ServiceAwayThenAnswerLost_EveryRecordOnce(string program)
    {
        await using var inference = await FakeInference.StartAsync();
        inference.NextStatus(503, "journal_unavailable", retryAfter: "1");
        inference.NextKeptButCut();

        using var forwarder = Forwarder.Start(program, _folder, inference.Url, Records(5), s_stdin, ("TFT_BATCH", "2"));
        var code = await forwarder.ExitAsync();

        Assert.True(code == 0, forwarder.Output);
        Assert.Equal(["web0", "web1", "web2", "web3", "web4"], inference.Kept.Keys.Select(k => k.Server).Order());
        Assert.Equal(2, inference.Duplicates);
        Assert.All(inference.Requests, r => Assert.Equal((FeedFixture.Key, Forwarder.Source), (r.Key, r.Source)));
        var requests = inference.Requests.ToArray();
        Assert.True(requests[1].At - requests[0].At >= TimeSpan.FromSeconds(0.95), $"{requests[1].At - requests[0].At}");
        Assert.Contains("503 journal_unavailable", forwarder.Output);
        Assert.Empty(Forwarder.Waiting(_folder));
    }

    [Theory]
    [MemberData(nameof(Programs))]
    public async Task Lines_RefusedAndTooLarge_PutAsideAndSplit(string program)
    {
        await using var inference = await FakeInference.StartAsync();
        inference.NextStatus(400, "none_acceptable", rejected: [new { index = 0, server_name = "web0", code = "bad_timestamp", field = "timestamp", message = "as the test wants" }]);
        inference.NextStatus(413, "too_large");

        using var forwarder = Forwarder.Start(program, _folder, inference.Url, Records(8), s_stdin, ("TFT_BATCH", "4"));
        var code = await forwarder.ExitAsync();

        Assert.True(code == 0, forwarder.Output);
        var aside = Assert.Single(Forwarder.Refused(_folder));
        Assert.Contains("web3", await File.ReadAllTextAsync(aside));
        Assert.Contains("bad_timestamp", forwarder.Output);
        Assert.Equal([4, 4, 2, 2], inference.Requests.Select(r => r.Records));
        Assert.Equal(["web4", "web5", "web6", "web7"], inference.Kept.Keys.Select(k => k.Server).Order());
    }

    [Theory]
    [MemberData(nameof(Programs))]
    public async Task Lines_KilledWhileServiceIsAway_NextRunSendsThem(string program)
    {
        using (var first = Forwarder.Start(program, _folder, $"http://127.0.0.1:{Ports.Free()}", Records(3), s_stdin))
        {
            await Eventually.True(() => Forwarder.Waiting(_folder).Length == 1, "the batch is in the spool");
            first.Kill();
        }

        await using var inference = await FakeInference.StartAsync();
        using var second = Forwarder.Start(program, _folder, inference.Url, [], s_stdin);

        Assert.True(await second.ExitAsync() == 0, second.Output);
        Assert.Equal(3, inference.Kept.Count);
        Assert.Empty(Forwarder.Waiting(_folder));
    }

    [Theory]
    [MemberData(nameof(Programs))]
    public async Task Machine_ServiceAwayForLong_NewestAreKeptAndTheRestCounted(string program)
    {
        using var forwarder = Forwarder.Start(
            program, _folder, $"http://127.0.0.1:{Ports.Free()}", null, [], ("TFT_INTERVAL", "0.1"), ("TFT_SPOOL_MAX", "2"));

        await Eventually.True(() => forwarder.Output.Contains("dropped", StringComparison.Ordinal), "the oldest is dropped");
        forwarder.Kill();

        Assert.InRange(Forwarder.Waiting(_folder).Length, 1, 3);
    }

    [Theory]
    [MemberData(nameof(Programs))]
    public async Task Lines_WrongKey_EndsWithAnErrorAndKeepsTheBatch(string program)
    {
        await using var inference = await FakeInference.StartAsync();
        inference.Next(async (context, _) =>
        {
            context.Response.StatusCode = 403;
            await context.Response.WriteAsJsonAsync(new { status = 403, code = "bad_key", detail = "The key is wrong, expired or revoked." });
            return true;
        });

        using var forwarder = Forwarder.Start(program, _folder, inference.Url, Records(1), s_stdin);

        Assert.Equal(1, await forwarder.ExitAsync());
        Assert.Contains("bad_key", forwarder.Output);
        Assert.Contains("Check TFT_API_KEY", forwarder.Output);
        Assert.DoesNotContain(FeedFixture.Key, forwarder.Output);
        Assert.Single(Forwarder.Waiting(_folder));
    }

    internal static string[] Records(int count) =>
        [.. Enumerable.Range(0, count).Select(i => string.Create(
            CultureInfo.InvariantCulture, $$"""{"timestamp":"{{FeedFixture.Now}}","server_name":"web{{i}}","load_average":{{i}}.5}"""))];
}
