using System.Data;
using System.Globalization;
using System.Runtime.CompilerServices;
using Npgsql;
using Tft.Adapters.Mapping;
using Tft.Contract.Metrics;
using Tft.Contract.Time;

namespace Tft.Adapters.Sources.PostgreSql;

/// <summary>
/// PostgreSQL and TimescaleDB: rows of a table, a view or a query by time, streamed in one pass, so that rows of one time need no
/// tie-break. History is averaged by the database where the mapping is one of plain columns. The session can only read.
/// </summary>
internal sealed class PostgresSource(NpgsqlDataSource database, PostgresOptions options, RecordMapper mapper, TimeProvider clock) : RowSource(mapper, clock)
{
    protected override IAsyncEnumerable<IReadOnlyList<IRow>> RowsAsync(DateTimeOffset from, DateTimeOffset until, CancellationToken cancellationToken) =>
        QueryAsync($"SELECT * FROM {From} WHERE {Time} >= @from AND {Time} < @until ORDER BY {Time}", from, until, cancellationToken);

    public override async IAsyncEnumerable<SourcePage> BackfillAsync(BackfillRange range, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (await MeansAsync(cancellationToken).ConfigureAwait(false) is not { } means)
        {
            await foreach (var page in base.BackfillAsync(range, cancellationToken).ConfigureAwait(false))
                yield return page;
            yield break;
        }

        await foreach (var rows in QueryAsync(means, range.From, range.Until, cancellationToken).ConfigureAwait(false))
        {
            var faults = new List<MappingFault>();
            var records = new List<Tft.Contract.Records.MetricRecord>();
            foreach (var row in rows)
            {
                if (Mapper.TryKey(row, faults, out var server, out var time) && range.Servers?.Contains(server) != false && Mapper.Map(server, time, [row], faults) is { } record)
                    records.Add(record);
            }

            // The last bucket of a page may go on in the next.
            yield return new SourcePage(records, records.Count > 0 ? records[^1].Timestamp : null) { Faults = faults };
        }

        yield return new SourcePage([], range.Until);
    }

    private string From => options.Query.Length > 0 ? $"({options.Query}) AS source" : string.Join('.', options.Table.Split('.').Select(Quoted));

    private string Time => Quoted(options.TimeColumn);

    private async IAsyncEnumerable<IReadOnlyList<IRow>> QueryAsync(string sql, DateTimeOffset from, DateTimeOffset until, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var connection = await OpenAsync(cancellationToken).ConfigureAwait(false);
        await using var command = Command(connection, sql);
        command.Parameters.AddWithValue("from", from.UtcDateTime);
        command.Parameters.AddWithValue("until", until.UtcDateTime);
        await using var reader = await TryAsync(() => command.ExecuteReaderAsync(cancellationToken), cancellationToken).ConfigureAwait(false);
        var rows = new List<IRow>();
        var number = 0;
        while (await TryAsync(() => reader.ReadAsync(cancellationToken), cancellationToken).ConfigureAwait(false))
        {
            var columns = new Dictionary<string, Cell>(reader.FieldCount, StringComparer.OrdinalIgnoreCase);
            for (var i = 0; i < reader.FieldCount; i++)
            {
                if (!reader.IsDBNull(i))
                    columns[reader.GetName(i)] = CellOf(reader.GetValue(i));
            }

            rows.Add(new ColumnsRow(columns, $"row {++number} from {from:HH:mm:ss}"));
            if (rows.Count < options.PageSize)
                continue;
            yield return rows;
            rows = [];
        }

        if (rows.Count > 0)
            yield return rows;
    }

    /// <summary>The query that averages on the five-minute grid; null where a field is more than a column.</summary>
    private async Task<string?> MeansAsync(CancellationToken cancellationToken)
    {
        var rules = Mapper.Plan.Fields;
        if (Mapper.Plan.MergeSeconds > 0 || rules.Values.Any(r => r.Rate || r.Where.Length > 0))
            return null;

        var types = await ColumnsAsync(cancellationToken).ConfigureAwait(false);
        string? Column(string field) => rules.GetValueOrDefault(field)?.Paths.Select(p => p.Text).FirstOrDefault(types.ContainsKey);
        if (Column("server_name") is not { } server || Column("timestamp") is not { } time || !string.Equals(time, options.TimeColumn, StringComparison.OrdinalIgnoreCase))
            return null;
        var metrics = MetricCatalog.All.Select(m => (Metric: m, Column: Column(m.Name))).Where(m => m.Column is not null).DistinctBy(m => m.Column, StringComparer.OrdinalIgnoreCase).ToList();
        if (metrics.Any(m => !types[m.Column!]))
            return null;

        var values = string.Concat(metrics.Select(m => m.Metric.Rule == BucketRule.Last
            ? $", (array_agg({Quoted(m.Column!)} ORDER BY {Time} DESC) FILTER (WHERE {Quoted(m.Column!)} IS NOT NULL))[1] AS {Quoted(m.Column!)}"
            : $", avg({Quoted(m.Column!)})::float8 AS {Quoted(m.Column!)}"));
        var bucket = $"to_timestamp(floor(extract(epoch FROM {Time}) / {TimeGrid.StepSeconds}) * {TimeGrid.StepSeconds})";
        // A row that is there twice counts once. By time first: an index on it leaves little to sort.
        var columns = string.Join(", ", metrics.Select(m => Quoted(m.Column!)).Prepend(Quoted(server)).Prepend(Time).Distinct(StringComparer.OrdinalIgnoreCase));
        var rows = $"SELECT DISTINCT ON ({Time}, {Quoted(server)}) {columns} FROM {From} WHERE {Time} >= @from AND {Time} < @until ORDER BY {Time}, {Quoted(server)}";
        return $"SELECT {bucket} AS {Time}, {Quoted(server)}{values} FROM ({rows}) AS rows GROUP BY 1, 2 ORDER BY 1, 2";
    }

    /// <summary>Columns of the source, and whether each is a number.</summary>
    private async Task<Dictionary<string, bool>> ColumnsAsync(CancellationToken cancellationToken)
    {
        await using var connection = await OpenAsync(cancellationToken).ConfigureAwait(false);
        await using var command = Command(connection, $"SELECT * FROM {From} LIMIT 0");
        await using var reader = await TryAsync(() => command.ExecuteReaderAsync(CommandBehavior.SchemaOnly, cancellationToken), cancellationToken).ConfigureAwait(false);
        return Enumerable.Range(0, reader.FieldCount).ToDictionary(
            reader.GetName,
            i => Type.GetTypeCode(reader.GetFieldType(i)) is TypeCode.Int16 or TypeCode.Int32 or TypeCode.Int64 or TypeCode.Single or TypeCode.Double or TypeCode.Decimal,
            StringComparer.OrdinalIgnoreCase);
    }

    private async Task<NpgsqlConnection> OpenAsync(CancellationToken cancellationToken) =>
        await TryAsync(() => database.OpenConnectionAsync(cancellationToken).AsTask(), cancellationToken).ConfigureAwait(false);

    private NpgsqlCommand Command(NpgsqlConnection connection, string sql) => new(sql, connection) { CommandTimeout = options.CommandTimeout };

    /// <summary>Npgsql's messages name hosts, never passwords.</summary>
    private static async Task<T> TryAsync<T>(Func<Task<T>> action, CancellationToken cancellationToken)
    {
        try
        {
            return await action().ConfigureAwait(false);
        }
        catch (PostgresException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new SourceException($"PostgreSQL: {e.MessageText} ({e.SqlState}){Advice(e.SqlState)}", e);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested && e is NpgsqlException or TimeoutException or IOException or InvalidOperationException)
        {
            var advice = e.Message.Contains("SSL", StringComparison.Ordinal) ? "; check SSL Mode, and Root Certificate for an authority of your own"
                : e.Message.StartsWith("Failed to connect", StringComparison.Ordinal) ? "; is the server started, and are Host and Port right?" : "";
            throw new SourceException($"PostgreSQL: {e.Message.TrimEnd('.')}{advice}", e);
        }
    }

    /// <summary>What to do, by the SQL state.</summary>
    private static string Advice(string state) => state switch
    {
        PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification => "; check Username and Password of the connection",
        PostgresErrorCodes.InvalidCatalogName => "; name another with Database= in the connection",
        PostgresErrorCodes.UndefinedTable => "; name the table or view with table (--table)",
        PostgresErrorCodes.UndefinedColumn => "; name the rows' time with time_column (--time-column)",
        PostgresErrorCodes.InsufficientPrivilege => "; the role needs SELECT on it",
        PostgresErrorCodes.SyntaxError => "; check query",
        PostgresErrorCodes.QueryCanceled => "; create an index on the time, or raise command_timeout",
        _ => "",
    };

    private static Cell CellOf(object value) => value switch
    {
        DateTime time => Cell.Of(new DateTimeOffset(DateTime.SpecifyKind(time, DateTimeKind.Utc))),
        DateTimeOffset time => Cell.Of(time),
        string text => Cell.Of(text),
        bool flag => Cell.Unusable(flag ? "true" : "false"),
        IConvertible number when number.GetTypeCode() is >= TypeCode.SByte and <= TypeCode.Decimal => Cell.Of(number.ToDouble(CultureInfo.InvariantCulture)),
        _ => Cell.Unusable(value.GetType().Name),
    };

    private static string Quoted(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
