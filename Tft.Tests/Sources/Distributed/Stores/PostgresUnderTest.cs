using System.Globalization;
using Tft.Tests.Sources.PostgreSql;

namespace Tft.Tests.Sources.Distributed.Stores;

/// <summary>A real PostgreSQL; history is averaged by the database.</summary>
internal sealed class PostgresUnderTest : SourceUnderTest
{
    private PostgresServer? _server;

    public override string Adapter => "postgresql";

    public override int Port => _server!.Port;

    public override async Task StartAsync()
    {
        if (_server is not null)
        {
            await _server.StartAgainAsync();
            return;
        }

        _server = await PostgresServer.StartAsync();
        await _server.ExecuteAsync(
            "CREATE TABLE metrics (timestamp timestamptz, server_name text, cpu_user_pct float8, mem_used_pct float8, back_close_wait int); CREATE INDEX ON metrics (timestamp)");
    }

    public override Task StopAsync() => _server!.StopAsync();

    public override IEnumerable<(string Key, string Value)> Settings(int port) =>
        [("Sources:postgresql:Connection", PostgresServer.ConnectionOver(port))];

    public override async Task AddAsync(IReadOnlyList<Sample> rows)
    {
        foreach (var chunk in rows.Chunk(5_000))
        {
            await _server!.ExecuteAsync("INSERT INTO metrics VALUES " + string.Join(',', chunk.Select(r => string.Create(
                CultureInfo.InvariantCulture, $"('{r.Time}','{r.Server}',{Number(r.Cpu)},{Number(r.Mem)},{Number(r.CloseWait)})"))));
        }
    }

    /// <summary>A column becomes text under the adapter, and holds what is no number; another one is new.</summary>
    public override async Task<IReadOnlyList<Sample>> AddSurprisesAsync(IReadOnlyList<Sample> rows)
    {
        await _server!.ExecuteAsync("ALTER TABLE metrics ALTER COLUMN cpu_user_pct TYPE text, ADD COLUMN something_new jsonb DEFAULT '{\"deep\": [1, \"two\"]}'");
        await AddAsync([rows[0], rows[2] with { Mem = null }]);
        await _server.ExecuteAsync($"INSERT INTO metrics SELECT '{rows[1].Time}', server_name, 'n/a', {Number(rows[1].Mem)}, {Number(rows[1].CloseWait)} FROM metrics WHERE server_name = '{rows[1].Server}' LIMIT 1");
        return [rows[0], rows[1] with { Cpu = null }, rows[2] with { Mem = null }];
    }

    public override async ValueTask DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
    }

    private static string Number(double? value) => value?.ToString(CultureInfo.InvariantCulture) ?? "NULL";
}
