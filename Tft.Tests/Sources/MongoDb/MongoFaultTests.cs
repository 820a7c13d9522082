using MongoDB.Bson;
using Tft.Adapters.Sources;
using Tft.Adapters.Sources.MongoDb;
using Tft.Tests.Adapters;
using Tft.Tests.Infrastructure;

namespace Tft.Tests.Sources.MongoDb;

/// <summary>What goes wrong between the source and a server, on the double.</summary>
[Trait("Ring", "component")]
public sealed class MongoFaultTests : IAsyncLifetime
{
    private const int Documents = 500;

    /// <summary>Ends amid the ten documents of one time.</summary>
    private const int OddPage = 47;

    private readonly FakeTimeProvider _clock = new();
    private readonly TempFolder _folder = new();
    private FakeInference _service = null!;

    public async Task InitializeAsync()
    {
        SkipUnless.True(MongoStore.LibraryIsThere, "MongoDB's C driver is not installed (apt-get install libmongoc-1.0-0)");
        _service = await FakeInference.StartAsync();
    }

    public async Task DisposeAsync()
    {
        if (_service is not null)
            await _service.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Poll_ServerRestartsInMidPage_GoesOnBehindTheLastDocument()
    {
        await using var server = await ServerAsync();
        using var rig = Rig(server);
        OnThirdGetMore(server, async () =>
        {
            await server.StopAsync().WaitAsync(Eventually.Timeout);
            await server.StartAgainAsync();
        });

        await EachOnceInOrderAsync(rig);
    }

    [Fact]
    public async Task Poll_CursorIsKilled_GoesOnBehindTheLastDocument()
    {
        await using var server = await ServerAsync();
        using var rig = Rig(server);
        OnThirdGetMore(server, () =>
        {
            server.Cursors.Clear();
            return Task.CompletedTask;
        });

        await EachOnceInOrderAsync(rig);
        Assert.Contains(rig.Log.Lines, l => l.Text.Contains("not found", StringComparison.Ordinal));
        Assert.Equal(0, server.Cursors.Count);
    }

    [Fact]
    public async Task Poll_ServerStaysAway_IsAnErrorAndTheNextPollGoesOnFromTheLastAcknowledgedPage()
    {
        await using var server = await ServerAsync();
        using var rig = Rig(server, uri: server.Url + "?serverSelectionTimeoutMS=20000");
        OnThirdGetMore(server, () => server.StopAsync().WaitAsync(Eventually.Timeout));

        var e = await Assert.ThrowsAsync<SourceException>(rig.PollAsync);
        Assert.Contains(server.Address, e.Message, StringComparison.Ordinal);
        Assert.InRange(_service.Kept.Count, OddPage, Documents - 1);
        await server.StartAgainAsync();
        await Eventually.Passes(() => rig.PollAsync());

        Assert.Equal(Documents, _service.Kept.Count);
    }

    [Fact]
    public async Task Poll_PrimaryStepsDownInMidPage_TheNewOneAnswers()
    {
        var data = new MongoData();
        await using var first = await MongoDouble.StartAsync(new MongoDoubleOptions { ReplicaSet = "rs0" }, data);
        await using var second = await MongoDouble.StartAsync(new MongoDoubleOptions { ReplicaSet = "rs0" }, data);
        first.Members = second.Members = [first.Address, second.Address];
        second.IsPrimary = false;
        Fill(data);
        using var rig = new MongoRig($"mongodb://{first.Address}/?replicaSet=rs0", "tft", _service, _clock, _folder, 0, o => o.PageSize = OddPage);
        OnThirdGetMore(first, () =>
        {
            (first.IsPrimary, second.IsPrimary) = (false, true);
            return Task.CompletedTask;
        });

        await EachOnceInOrderAsync(rig);
        Assert.Contains(second.Commands, c => c.Name == "getMore");
    }

    [Fact]
    public async Task Poll_ReadPreferenceOfTheConnectionString_ReadsFromASecondary()
    {
        var data = new MongoData();
        await using var primary = await MongoDouble.StartAsync(new MongoDoubleOptions { ReplicaSet = "rs0" }, data);
        await using var secondary = await MongoDouble.StartAsync(new MongoDoubleOptions { ReplicaSet = "rs0" }, data);
        primary.Members = secondary.Members = [primary.Address, secondary.Address];
        secondary.IsPrimary = false;
        Fill(data);
        using var rig = new MongoRig($"mongodb://{primary.Address}/?replicaSet=rs0&readPreference=secondary", "tft", _service, _clock, _folder, 0);

        await rig.PollAsync();

        Assert.Equal(Documents, _service.Kept.Count);
        Assert.DoesNotContain(primary.Commands, c => c.Name is "find" or "getMore");
    }

    [Theory]
    [InlineData("reader", "wrong-secret", "")]
    [InlineData("nobody", "sec:ret/@1", "")]
    [InlineData("reader", "sec:ret/@1", "elsewhere")]
    public async Task Poll_SignInIsWrong_SaysSoAndNeverThePassword(string user, string password, string source)
    {
        await using var server = await ServerAsync(new MongoDoubleOptions { User = "reader", Password = "sec:ret/@1", AuthSource = "metrics" });
        foreach (var isInString in (bool[])[false, true])
        {
            using var rig = isInString
                ? Rig(server, uri: $"mongodb://{user}:{Uri.EscapeDataString(password)}@{server.Address}/?authSource={(source.Length > 0 ? source : "metrics")}")
                : Rig(server, o => (o.Username, o.Password, o.AuthSource) = (user, password, source.Length > 0 ? source : "metrics"));

            var e = await Assert.ThrowsAsync<SourceException>(rig.PollAsync);

            Assert.Contains("check username, password and auth_source", e.Message, StringComparison.Ordinal);
            Assert.DoesNotContain(password, e.ToString(), StringComparison.Ordinal);
            Assert.DoesNotContain(Uri.EscapeDataString(password), e.ToString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Poll_NobodySignsIn_SaysWhichRoleIsNeeded()
    {
        await using var server = await ServerAsync(new MongoDoubleOptions { User = "reader", Password = "x" });
        using var rig = Rig(server);

        var e = await Assert.ThrowsAsync<SourceException>(rig.PollAsync);

        Assert.Contains("set username and password; the user needs the role 'read' on tft", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Poll_ScramSha256AndTls_Reads(bool isInString)
    {
        using var certificate = new TestCertificate(_folder);
        await using var server = await ServerAsync(new MongoDoubleOptions { User = "re,ader", Password = "p@ss:w/ord", AuthSource = "metrics", Certificate = certificate.Certificate });
        var options = $"tls=true&tlsCAFile={Uri.EscapeDataString(certificate.File)}";
        using var rig = isInString
            ? Rig(server, uri: $"mongodb://re%2Cader:p%40ss%3Aw%2Ford@{server.Address}/metrics?{options}")
            : Rig(server, o => (o.Auth.Username, o.Auth.Password, o.Auth.Source) = ("re,ader", "p@ss:w/ord", "metrics"), $"mongodb://{server.Address}/?{options}");

        await rig.PollAsync();

        Assert.Equal(Documents, _service.Kept.Count);
        Assert.Contains(server.Commands, c => c.Name == "saslContinue");
    }

    [Fact]
    public async Task Poll_CertificateOfAnUnknownAuthority_IsRefused()
    {
        using var certificate = new TestCertificate(_folder);
        await using var server = await ServerAsync(new MongoDoubleOptions { Certificate = certificate.Certificate });
        using var rig = Rig(server, uri: $"mongodb://{server.Address}/?tls=true&serverSelectionTimeoutMS=20000");

        var e = await Assert.ThrowsAsync<SourceException>(rig.PollAsync);

        Assert.Contains("TLS handshake failed", e.Message, StringComparison.Ordinal);
        Assert.Empty(server.Commands);
    }

    [Fact]
    public async Task Backfill_ServerThatCannotAverage_HistoryIsReadAsItStands()
    {
        await using var server = await ServerAsync();
        server.Before = (name, _) => Task.FromResult<BsonDocument?>(name == "aggregate" ? MongoDouble.Error(115, "CommandNotSupported", "Stage not supported") : null);
        _clock.Advance(TimeSpan.FromMinutes(10));
        using var rig = Rig(server, backfill: 1);

        await rig.PollAsync();

        // 500 documents of 250 s: one bucket of each of the ten servers.
        Assert.Equal(10, _service.Kept.Count);
        Assert.Contains(rig.Log.Lines, l => l.Text.Contains("Stage not supported", StringComparison.Ordinal));
        Assert.Single(server.Commands, c => c.Name == "aggregate");
    }

    [Fact]
    public async Task Poll_ServerIsTooSlow_SaysWhatHelps()
    {
        await using var server = await ServerAsync();
        server.Before = (name, _) => Task.FromResult<BsonDocument?>(name == "getMore" ? MongoDouble.Error(50, "MaxTimeMSExpired", "operation exceeded time limit") : null);
        using var rig = Rig(server);

        var e = await Assert.ThrowsAsync<SourceException>(rig.PollAsync);

        Assert.Contains("create an index on the time field and _id", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Poll_CancelledWhileTheServerIsSilent_EndsAtOnce()
    {
        await using var server = await ServerAsync();
        var asked = new TaskCompletionSource();
        var release = new TaskCompletionSource();
        server.Before = async (name, _) =>
        {
            if (name == "getMore")
            {
                asked.TrySetResult();
                await release.Task;
            }

            return null;
        };
        using var rig = Rig(server);
        using var stop = new CancellationTokenSource();
        var poll = rig.Loop.PollAsync(stop.Token);
        await asked.Task.DefaultTimeout();

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => poll.DefaultTimeout());
        release.SetResult();
        server.Before = null;
        await rig.PollAsync();
        Assert.Equal(Documents, _service.Kept.Count);
        await Eventually.True(() => server.Cursors.Count == 0, "what was left of the first read is closed");
    }

    private async Task<MongoDouble> ServerAsync(MongoDoubleOptions? options = null)
    {
        var server = await MongoDouble.StartAsync(options);
        Fill(server.Data);
        return server;
    }

    /// <summary>Ten servers every five seconds.</summary>
    private void Fill(MongoData data)
    {
        var start = _clock.GetUtcNow().UtcDateTime;
        data.Collection("tft", "metrics").Add(Enumerable.Range(0, Documents).Select(i => new BsonDocument
        {
            { "timestamp", start.AddSeconds(i / 10 * 5) },
            { "server_name", $"s{i % 10}" },
            { "cpu_user_pct", i % 100 },
        }));
        data.Collection("tft", "metrics").Indexes.Add(new BsonDocument { { "v", 2 }, { "key", new BsonDocument { { "timestamp", 1 }, { "_id", 1 } } }, { "name", "by_time" } });
    }

    private async Task EachOnceInOrderAsync(MongoRig rig)
    {
        var (start, read) = (_clock.GetUtcNow(), new List<string>());
        await foreach (var page in rig.Source.ReadAsync(new ReadRange(start, start.AddMinutes(5), null), CancellationToken.None))
            read.AddRange(page.Records.Select(r => $"{r.ServerName} {(r.Timestamp - start).TotalSeconds}"));

        Assert.Equal(Enumerable.Range(0, Documents).Select(i => $"s{i % 10} {i / 10 * 5}"), read);
    }

    private static void OnThirdGetMore(MongoDouble server, Func<Task> happens)
    {
        var count = 0;
        server.Before = async (name, _) =>
        {
            if (name == "getMore" && ++count == 3)
                await happens();
            return null;
        };
    }

    private MongoRig Rig(MongoDouble server, Action<MongoOptions>? configure = null, string? uri = null, double backfill = 0) =>
        new(uri ?? server.Url, "tft", _service, _clock, _folder, backfill, o =>
        {
            o.PageSize = OddPage;
            configure?.Invoke(o);
        });
}
