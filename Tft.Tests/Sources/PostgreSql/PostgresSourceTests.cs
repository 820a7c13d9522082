using Npgsql;
using Tft.Adapters.Hosting;
using Tft.Adapters.Mapping;
using Tft.Adapters.Simulation;
using Tft.Adapters.Sources;
using Tft.Adapters.Sources.PostgreSql;
using Tft.Contract.Metrics;
using Tft.Contract.Time;
using Tft.Tests.Adapters;
using Tft.Tests.Infrastructure;

namespace Tft.Tests.Sources.PostgreSql;

[Trait("Ring", "component")]
public sealed class PostgresSourceTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _clock = new();
    private readonly TempFolder _folder = new();
    private readonly List<NpgsqlDataSource> _pools = [];
    private PostgresServer _database = null!;
    private FakeInference _service = null!;

    private long Now => _clock.GetUtcNow().ToUnixTimeSeconds();

    public async Task InitializeAsync()
    {
        _database = await PostgresServer.StartAsync();
        await _database.ExecuteAsync("CREATE TABLE metrics (\"timestamp\" timestamptz NOT NULL, server_name text NOT NULL, state text, cpu_user_pct real, mem_used_pct numeric, back_close_wait int)");
        _service = await FakeInference.StartAsync();
    }

    public async Task DisposeAsync()
    {
        foreach (var pool in _pools)
            await pool.DisposeAsync();
        if (_service is not null)
            await _service.DisposeAsync();
        if (_database is not null)
            await _database.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Loop_ADayOfFiftyServers_BackfillsTheDatabasesMeansAndGoesOnOverRestarts()
    {
        var now = Now;
        var fleet = new SimulatedFleet(new SimulatedFleetOptions { Servers = 50 });
        var live = await FillAsync(fleet, now - (26 * 3600), now + 900, 60);
        for (var start = 0; start < 3; start++)
        {
            using var rig = Rig();
            await rig.PollAsync();
            _clock.Advance(TimeSpan.FromMinutes(4));
            await rig.PollAsync();
        }

        var means = _service.Kept.Where(k => k.Key.Time.ToUnixTimeSeconds() < now).ToList();
        Assert.InRange(means.Count, 50 * 290, 50 * 300);
        var readUntil = now + (12 * 60) + 300;
        Assert.Equal(live.Count(r => r.At >= now && r.At < readUntil), _service.Kept.Count - means.Count);

        // The database's means are those of the rows.
        foreach (var (key, record) in means.Where(m => m.Key.Server == fleet.Servers[7].Name))
        {
            var rows = live.Where(r => r.Server == key.Server && TimeGrid.StepOf(r.At) == TimeGrid.StepOf(key.Time)).ToList();
            Assert.Equal(rows.Average(r => r.Cpu), record.GetProperty("cpu_user_pct").GetDouble(), 0.01);
            Assert.Equal(rows[^1].Count, record.GetProperty("back_close_wait").GetInt32());
        }
    }

    [Fact]
    public async Task Backfill_ARowThatIsThereTwice_WeighsOnce()
    {
        var bucket = Now - 600;
        await _database.ExecuteAsync($"INSERT INTO metrics SELECT to_timestamp(t), 'a', 'healthy', cpu, NULL, n FROM (VALUES ({bucket}, 10, 7), ({bucket}, 10, 7), ({bucket}, 10, 7), ({bucket} + 60, 30, 9)) v (t, cpu, n)");
        using var rig = Rig();

        await rig.PollAsync();

        var mean = Assert.Single(_service.Kept);
        Assert.Equal((bucket, 20, 9), (mean.Key.Time.ToUnixTimeSeconds(), mean.Value.GetProperty("cpu_user_pct").GetDouble(), mean.Value.GetProperty("back_close_wait").GetInt32()));
    }

    [Fact]
    public async Task Poll_TiesAcrossPages_NoneIsSkipped()
    {
        using var rig = Rig(backfill: 0);
        await rig.PollAsync();
        _clock.Advance(TimeSpan.FromSeconds(10));
        await _database.ExecuteAsync($"INSERT INTO metrics SELECT to_timestamp({Now}), 's' || i, 'healthy', 5, 6, 7 FROM generate_series(1, 2500) i");

        await rig.PollAsync();

        Assert.Equal(2500, _service.Kept.Count);
        Assert.Equal(0, _service.Duplicates);
    }

    [Fact]
    public async Task Poll_DatabaseRestartsAndSchemaSurprises_TheRestArrives()
    {
        using var rig = Rig(backfill: 0, configure: o => o.Query = "SELECT at AS \"timestamp\", host AS server_name, cpu AS cpu_user_pct, ok AS mem_used_pct FROM odd");
        await _database.ExecuteAsync("CREATE TABLE odd (at timestamp, host text, cpu text, ok bool)");
        await rig.PollAsync();
        _clock.Advance(TimeSpan.FromSeconds(10));
        await _database.ExecuteAsync($"INSERT INTO odd SELECT to_timestamp({Now}) AT TIME ZONE 'UTC', * FROM (VALUES ('a', '12.5', true), ('b', 'n/a', NULL), (NULL, '1', true)) v");
        await _database.ExecuteAsync("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'tft-adapter'");

        await Eventually.True(async () =>
        {
            try
            {
                await rig.PollAsync();
            }
            catch (SourceException)
            {
                // The pool's session was ended under it; the next one is fresh.
            }

            return _service.Kept.Count == 1;
        }, "the good row");

        var record = Assert.Single(_service.Kept);
        Assert.Equal(("a", 12.5), (record.Key.Server, record.Value.GetProperty("cpu_user_pct").GetDouble()));
        Assert.Equal(_clock.GetUtcNow(), record.Key.Time);
        Assert.False(record.Value.TryGetProperty("mem_used_pct", out _));
    }

    [Fact]
    public async Task Poll_QueryThatWrites_IsRefusedByTheSession()
    {
        await _database.ExecuteAsync("CREATE FUNCTION touch() RETURNS int LANGUAGE sql AS 'INSERT INTO metrics VALUES (now(), ''x'') RETURNING 1'");
        using var rig = Rig(backfill: 0, configure: o => o.Query = $"SELECT to_timestamp({Now}) AS \"timestamp\", 'a' AS server_name, touch() AS cpu_user_pct");

        var e = await Assert.ThrowsAsync<SourceException>(() => rig.PollAsync());

        Assert.Contains("read-only", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Poll_TableIsMissing_SaysSoWithoutThePassword()
    {
        using var rig = Rig(backfill: 0, configure: o => o.Table = "public.nothing");

        var e = await Assert.ThrowsAsync<SourceException>(() => rig.PollAsync());

        Assert.Contains("public.nothing", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("not-a-secret", e.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nope", "timestamp", "", "name the table or view with table (--table)")]
    [InlineData("metrics", "nope", "", "name the rows' time with time_column (--time-column)")]
    [InlineData("metrics", "timestamp", "SELEC 1", "check query")]
    public async Task Poll_WrongSetting_SaysInOneLineWhichOne(string table, string timeColumn, string query, string advice)
    {
        using var rig = Rig(backfill: 0, configure: o => (o.Table, o.TimeColumn, o.Query) = (table, timeColumn, query));

        var e = await Assert.ThrowsAsync<SourceException>(() => rig.PollAsync());

        Assert.EndsWith("; " + advice, e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', e.Message);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Host=x;Colour=red")]
    public void Open_WrongConnection_NamesTheKey(string connection)
    {
        var e = Assert.Throws<ConfigurationException>(() => PostgresKind.Open(connection, "Tft:Sources:postgresql"));

        Assert.Contains("Tft:Sources:postgresql:Connection", e.Message, StringComparison.Ordinal);
    }

    private async Task<List<(string Server, long At, float Cpu, int Count)>> FillAsync(SimulatedFleet fleet, long from, long until, int every)
    {
        var rows = new List<(string Server, long At, float Cpu, int Count)>();
        await using var connection = new NpgsqlConnection(_database.Connection + ";Pooling=false");
        await connection.OpenAsync();
        await using var writer = await connection.BeginBinaryImportAsync("COPY metrics (\"timestamp\", server_name, cpu_user_pct, back_close_wait) FROM STDIN (FORMAT binary)");
        for (var t = from; t < until; t += every)
        {
            foreach (var server in fleet.Servers)
            {
                if (fleet.Sample(server, t) is not { } record || !record.Values.Has(Metric.CpuUser) || !record.Values.Has(Metric.BackCloseWait))
                    continue;
                var row = (server.Name, t, record.Values.Get(Metric.CpuUser), (int)record.Values.Get(Metric.BackCloseWait));
                rows.Add(row);
                await writer.StartRowAsync();
                await writer.WriteAsync(record.Timestamp.UtcDateTime);
                await writer.WriteAsync(row.Name);
                await writer.WriteAsync(row.Item3);
                await writer.WriteAsync(row.Item4);
            }
        }

        await writer.CompleteAsync();
        return rows;
    }

    private LoopRig Rig(double backfill = 25, Action<PostgresOptions>? configure = null)
    {
        var options = new PostgresOptions { PageSize = 999 };
        configure?.Invoke(options);
        var pool = PostgresKind.Open(_database.Connection, "test");
        _pools.Add(pool);
        var source = new PostgresSource(pool, options, new RecordMapper(MappingPresets.Find("tft")!, MappingTrace.Off), _clock);
        return new LoopRig(source, _service.Url, _clock, _folder, o => o.Backfill = backfill);
    }
}
