using Npgsql;
using NpgsqlTypes;
using Tft.Adapters.Sources;
using Tft.Contract.Metrics;
using Tft.Contract.Records;
using Tft.Contract.Servers;

namespace Tft.Adapters.Seeding.Targets;

/// <summary>PostgreSQL and TimescaleDB: one row a sample, in a table with the contract's columns, by binary COPY.</summary>
internal sealed class PostgresTarget(NpgsqlDataSource database, string table, string timeColumn) : ISeedTarget
{
    private readonly string _table = string.Join('.', table.Split('.').Select(Quoted));

    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        var metrics = string.Concat(MetricCatalog.All.Select(m => $", {m.Name} real"));
        await TryAsync(async () =>
        {
            await using var create = database.CreateCommand(
                $"CREATE TABLE IF NOT EXISTS {_table} ({Quoted(timeColumn)} timestamptz NOT NULL, server_name text NOT NULL, state text, profile text{metrics}, PRIMARY KEY ({Quoted(timeColumn)}, server_name))");
            return await create.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        }, cancellationToken).ConfigureAwait(false);
    }

    public async Task<DateTimeOffset?> NewestAsync(DateTimeOffset now, CancellationToken cancellationToken) => await TryAsync(async () =>
    {
        await using var newest = database.CreateCommand($"SELECT max({Quoted(timeColumn)}) FROM {_table}");
        return await newest.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false) is DateTime time ? new DateTimeOffset(DateTime.SpecifyKind(time, DateTimeKind.Utc)) : (DateTimeOffset?)null;
    }, cancellationToken).ConfigureAwait(false);

    public Task WriteAsync(IReadOnlyList<MetricRecord> samples, CancellationToken cancellationToken) => TryAsync(async () =>
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
        var columns = string.Concat(MetricCatalog.All.Select(m => $", {m.Name}"));
        await using var copy = await connection.BeginBinaryImportAsync($"COPY {_table} ({Quoted(timeColumn)}, server_name, state, profile{columns}) FROM STDIN (FORMAT binary)", cancellationToken).ConfigureAwait(false);
        foreach (var sample in samples)
        {
            await copy.StartRowAsync(cancellationToken).ConfigureAwait(false);
            await copy.WriteAsync(sample.Timestamp.UtcDateTime, NpgsqlDbType.TimestampTz, cancellationToken).ConfigureAwait(false);
            await copy.WriteAsync(sample.ServerName, NpgsqlDbType.Text, cancellationToken).ConfigureAwait(false);
            await TextAsync(copy, sample.State?.Name(), cancellationToken).ConfigureAwait(false);
            await TextAsync(copy, sample.Profile?.Name(), cancellationToken).ConfigureAwait(false);
            for (var m = 0; m < MetricCatalog.Count; m++)
            {
                if (float.IsNaN(sample.Values[m]))
                    await copy.WriteNullAsync(cancellationToken).ConfigureAwait(false);
                else
                    await copy.WriteAsync(sample.Values[m], NpgsqlDbType.Real, cancellationToken).ConfigureAwait(false);
            }
        }

        // Without this the copy is undone as a whole: a batch is there, or it is not.
        return await copy.CompleteAsync(cancellationToken).ConfigureAwait(false);
    }, cancellationToken);

    public ValueTask DisposeAsync() => database.DisposeAsync();

    private static Task TextAsync(NpgsqlBinaryImporter copy, string? text, CancellationToken cancellationToken) =>
        text is null ? copy.WriteNullAsync(cancellationToken) : copy.WriteAsync(text, NpgsqlDbType.Text, cancellationToken);

    /// <summary>Npgsql's messages name hosts and SQL states, never passwords.</summary>
    private static async Task<T> TryAsync<T>(Func<Task<T>> action, CancellationToken cancellationToken)
    {
        try
        {
            return await action().ConfigureAwait(false);
        }
        catch (PostgresException e)
        {
            // 4xx: the server answered, and sending again would not help.
            throw new SourceException($"PostgreSQL: {e.MessageText} ({e.SqlState})", e) { Status = e.IsTransient ? null : 400 };
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested && e is NpgsqlException or TimeoutException or IOException)
        {
            throw new SourceException($"PostgreSQL: {e.Message}", e);
        }
    }

    private static string Quoted(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
