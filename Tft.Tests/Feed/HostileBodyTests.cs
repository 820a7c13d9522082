using System.IO.Compression;
using System.Net;
using System.Text;
using Tft.Contract.Problems;
using Tft.Contract.Records;

namespace Tft.Tests.Feed;

/// <summary>Whatever comes over the wire gets the answer of the contract, and a good record beside a bad one is kept.</summary>
[Trait("Ring", "service")]
public sealed class HostileBodyTests(FeedFixture feed) : IClassFixture<FeedFixture>
{
    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("nonsense")]
    [InlineData("{")]
    [InlineData("{\"records\":[]}")]
    [InlineData("[{\"a\":1,}]")]
    [InlineData("[1 2]")]
    [InlineData("\"text\"")]
    [InlineData("[] []")]
    [InlineData("<xml/>")]
    public async Task Feed_NotAJsonArray_Is400NotJson(string body)
    {
        var (status, problem) = await feed.PostAsync(body);

        Assert.Equal((400, ProblemCodes.NotJson), (status, problem.GetProperty("code").GetString()));
        Assert.StartsWith("Line 1, byte ", problem.GetProperty("detail").GetString());
    }

    [Theory]
    [InlineData("\"cpu_user_pct\":NaN", RejectCodes.NotANumber)]
    [InlineData("\"cpu_user_pct\":-Infinity", RejectCodes.OutOfRange)]
    [InlineData("\"cpu_user_pct\":1e999", RejectCodes.OutOfRange)]
    [InlineData("\"load_average\":1e300", RejectCodes.OutOfRange)]
    [InlineData("\"cpu_user_pct\":123456789012345678901234567890", RejectCodes.OutOfRange)]
    [InlineData("\"cpu_user_pct\":\"5\"", RejectCodes.NotANumber)]
    [InlineData("\"cpu_user_pct\":[5]", RejectCodes.NotANumber)]
    [InlineData("\"cpu_user_pct\":{\"$gt\":0}", RejectCodes.NotANumber)]
    [InlineData("\"load_average\":1,\"state\":\"exploded\"", RejectCodes.BadState)]
    [InlineData("\"load_average\":1,\"profile\":\"none\"", RejectCodes.BadProfile)]
    [InlineData("\"load_average\":1,\"timestamp\":\"9999-99-99\"", RejectCodes.BadTimestamp)]
    [InlineData("\"load_average\":1,\"timestamp\":\"2999-01-01T00:00:00Z\"", RejectCodes.InFuture)]
    [InlineData("\"load_average\":1,\"server_name\":\"\"", RejectCodes.BadName)]
    [InlineData("\"nothing\":1", RejectCodes.NoMetric)]
    public async Task Feed_BadRecordBesideAGoodOne_KeepsTheGoodOne(string bad, string code)
    {
        var name = $"good-{Guid.NewGuid():N}";

        var (status, answer) = await feed.PostAsync($"[{FeedFixture.Record("bad", bad)},{FeedFixture.Record(name)}]");

        Assert.Equal((200, "partial"), (status, answer.GetProperty("status").GetString()));
        Assert.Equal((2, 1), (answer.GetProperty("received").GetInt32(), answer.GetProperty("accepted").GetInt32()));
        var rejected = Assert.Single(answer.GetProperty("rejected").EnumerateArray());
        Assert.Equal((0, code), (rejected.GetProperty("index").GetInt32(), rejected.GetProperty("code").GetString()));
        var (_, again) = await feed.PostAsync($"[{FeedFixture.Record(name, time: "2020-01-01T00:00:00Z")}]");
        Assert.Equal(RejectCodes.TooOld, again.GetProperty("rejected")[0].GetProperty("code").GetString());
    }

    [Fact]
    public async Task Feed_AllBad_Is400WithEveryReason()
    {
        var (status, problem) = await feed.PostAsync("[1,{},null]");

        Assert.Equal((400, ProblemCodes.NoneAcceptable), (status, problem.GetProperty("code").GetString()));
        Assert.Equal([0, 1, 2], problem.GetProperty("rejected").EnumerateArray().Select(r => r.GetProperty("index").GetInt32()));
    }

    [Fact]
    public async Task Feed_DuplicatesOnly_Is200()
    {
        var body = $"[{FeedFixture.Record($"twice-{Guid.NewGuid():N}")}]";
        await feed.PostAsync(body);

        var (status, answer) = await feed.PostAsync(body);

        Assert.Equal((200, "ok", 1), (status, answer.GetProperty("status").GetString(), answer.GetProperty("duplicates").GetInt32()));
    }

    [Theory]
    [InlineData("[")]
    [InlineData("{\"a\":")]
    public async Task Feed_DepthBomb_Is400(string opening)
    {
        var (status, problem) = await feed.PostAsync("[" + string.Concat(Enumerable.Repeat(opening, 1_000_000)));

        Assert.Equal((400, ProblemCodes.NotJson), (status, problem.GetProperty("code").GetString()));
    }

    [Fact]
    public async Task Feed_InvalidUtf8_Is400()
    {
        var body = Encoding.UTF8.GetBytes($"[{FeedFixture.Record("XX")}]");
        body[Array.IndexOf(body, (byte)'X')] = 0xFF;

        Assert.Equal(400, (await feed.PostAsync(body)).Status);
    }

    [Theory]
    [InlineData(RecordRules.MaxBytes, 200)]
    [InlineData(RecordRules.MaxBytes + 1, 413)]
    [InlineData(20_000_000, 413)]
    public async Task Feed_LargeBody_IsTakenUpToTheLimit(int bytes, int expected)
    {
        var body = new byte[bytes];
        Array.Fill(body, (byte)' ');
        Encoding.UTF8.GetBytes($"[{FeedFixture.Record("large")}]").CopyTo(body, 0);

        var (status, _) = await feed.PostAsync(body);

        Assert.Equal(expected, status);
    }

    [Fact]
    public async Task Feed_ChunkedBodyBeyondTheLimit_Is413()
    {
        using var content = new StreamContent(new EndlessBlanks(RecordRules.MaxBytes + 10_000L));

        using var answer = await feed.Client.PostAsync("/feed", content);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
    }

    [Fact]
    public async Task Feed_TooManyRecords_Is413AndKeepsNone()
    {
        var name = $"many-{Guid.NewGuid():N}";
        var body = "[" + FeedFixture.Record(name) + string.Concat(Enumerable.Repeat(",{}", RecordRules.MaxRecords)) + "]";

        Assert.Equal(413, (await feed.PostAsync(body)).Status);

        using var answer = await feed.Client.GetAsync($"/predict/{name}");
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Fact]
    public async Task Feed_Gzip_IsUnpackedAndBounded()
    {
        var name = $"gzip-{Guid.NewGuid():N}";
        Assert.Equal(200, (await feed.PostAsync(Gzip(Encoding.UTF8.GetBytes($"[{FeedFixture.Record(name)}]")), encoding: "gzip")).Status);
        Assert.Equal(413, (await feed.PostAsync(Gzip(new byte[200_000_000]), encoding: "gzip")).Status);
        Assert.Equal(400, (await feed.PostAsync("no gzip"u8.ToArray(), encoding: "gzip")).Status);
        Assert.Equal(400, (await feed.PostAsync("[]"u8.ToArray(), encoding: "br")).Status);
    }

    [Fact]
    public async Task Feed_Keys_AreDemandedWithTheirScope()
    {
        var body = Encoding.UTF8.GetBytes($"[{FeedFixture.Record("keys")}]");
        using var anonymous = new HttpClient { BaseAddress = feed.Client.BaseAddress };

        using (var none = await anonymous.PostAsync("/feed", new ByteArrayContent(body)))
            Assert.Equal(HttpStatusCode.Unauthorized, none.StatusCode);
        anonymous.DefaultRequestHeaders.Add("X-API-Key", "wrong");
        using (var wrong = await anonymous.PostAsync("/feed", new ByteArrayContent(body)))
            Assert.Equal(HttpStatusCode.Forbidden, wrong.StatusCode);
        anonymous.DefaultRequestHeaders.Remove("X-API-Key");
        anonymous.DefaultRequestHeaders.Add("Authorization", $"Bearer {FeedFixture.Key}");
        using (var bearer = await anonymous.PostAsync("/feed", new ByteArrayContent(body)))
            Assert.Equal(HttpStatusCode.OK, bearer.StatusCode);
    }

    [Fact]
    public async Task FeedData_Contract1_AnswersAsTheExample()
    {
        var (status, answer) = await feed.PostAsync(
            $$"""{"records":[{"timestamp":"{{FeedFixture.Now}}","server_name":"v1-{{Guid.NewGuid():N}}","cpu_pct":45.2,"mem_pct":67.8,"disk_io_mb_s":123.4,"latency_ms":12.5,"state":"healthy"}]}""",
            "/feed/data");

        Assert.Equal((200, "accepted"), (status, answer.GetProperty("status").GetString()));
        foreach (var field in new[] { "received", "accepted", "duplicates", "rejected", "tick", "window_size", "servers_tracked", "servers_ready", "warmup_complete", "warmup_progress" })
            Assert.True(answer.TryGetProperty(field, out _), field);
        Assert.Equal(
            "Contract 1 record: cpu_pct and mem_pct were mapped; disk_io_mb_s and latency_ms have no counterpart and were dropped; 11 metrics are missing. Send contract 2 for full forecasts.",
            answer.GetProperty("warnings")[0].GetProperty("message").GetString());
    }

    [Fact]
    public async Task FeedData_Faulty_CarriesErrorAndMessageForContract1()
    {
        var (status, problem) = await feed.PostAsync("[]", "/feed/data");

        Assert.Equal((400, ProblemCodes.NotJson), (status, problem.GetProperty("error").GetString()));
        Assert.Equal(problem.GetProperty("detail").GetString(), problem.GetProperty("message").GetString());
    }

    [Fact]
    public async Task Status_AfterAPush_ShowsTheSourceByItsName()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/feed")
        {
            Content = new StringContent($"[{FeedFixture.Record($"source-{Guid.NewGuid():N}")},{{}}]"),
        };
        request.Headers.Add("X-Tft-Source", "my-adapter");
        using var answer = await feed.Client.SendAsync(request);

        var status = System.Text.Json.JsonDocument.Parse(await feed.Client.GetStringAsync("/status")).RootElement;
        var source = status.GetProperty("sources").EnumerateArray().Single(s => s.GetProperty("name").GetString() == "my-adapter");
        Assert.Equal((1, 1), (source.GetProperty("records").GetInt32(), source.GetProperty("rejected").GetInt32()));
        Assert.Equal("embedded", status.GetProperty("journal").GetProperty("kind").GetString());
    }

    private static byte[] Gzip(byte[] plain)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
            gzip.Write(plain);
        return packed.ToArray();
    }

    private sealed class EndlessBlanks(long bytes) : Stream
    {
        private long _left = bytes;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count)
        {
            var read = (int)Math.Min(_left, count);
            buffer.AsSpan(offset, read).Fill((byte)' ');
            _left -= read;
            return read;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
