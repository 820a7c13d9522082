using DuckDB.NET.Data;

namespace Tft.Tests.Compat.DuckDb;

[Trait("Ring", "unit")]
public sealed class DuckDbStandInTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("tft-duckdb-");
    private readonly DuckDBConnection _connection = new("DataSource=:memory:");

    public DuckDbStandInTests() => _connection.Open();

    [Fact]
    public void Parquet_WrittenAndReadBack_GivesEveryValueAndNull()
    {
        const int Rows = 5000;
        Execute("CREATE TABLE t (moment TIMESTAMP, name VARCHAR, x DOUBLE, y REAL, n BIGINT, b BOOLEAN)");
        var start = new DateTime(2025, 10, 17, 12, 0, 0, DateTimeKind.Utc);
        using (var appender = _connection.CreateAppender("t"))
        {
            for (var i = 0; i < Rows; i++)
            {
                appender.CreateRow().AppendValue(start.AddSeconds(5 * i)).AppendValue(i % 2 == 0 ? "short" : "a name of more than twelve bytes, é")
                    .AppendValue(i % 7 == 0 ? null : i / 3.0).AppendValue(i * 0.5f).AppendValue((long)i << 33).AppendValue(i % 3 == 0).EndRow();
            }
        }

        var file = Path.Combine(_folder.FullName, "t.parquet").Replace("'", "''", StringComparison.Ordinal);
        Execute($"COPY t TO '{file}' (FORMAT parquet, COMPRESSION zstd)");
        using var command = _connection.CreateCommand();
        command.CommandText = $"SELECT moment, name, x, y, n, b FROM read_parquet('{file}') ORDER BY moment";
        using var reader = command.ExecuteReader();

        for (var i = 0; i < Rows; i++)
        {
            Assert.True(reader.Read());
            Assert.Equal(start.AddSeconds(5 * i), reader.GetDateTime(0));
            Assert.Equal(i % 2 == 0 ? "short" : "a name of more than twelve bytes, é", reader.GetString(1));
            Assert.Equal(i % 7 == 0, reader.IsDBNull(2));
            if (i % 7 != 0)
            {
                Assert.Equal(i / 3.0, reader.GetDouble(2));
            }

            Assert.Equal(i * 0.5f, reader.GetFloat(3));
            Assert.Equal((long)i << 33, reader.GetInt64(4));
            Assert.Equal(i % 3 == 0, reader.GetBoolean(5));
        }

        Assert.False(reader.Read());
    }

    [Fact]
    public void Parameters_PositionalAndNamed_AreBound()
    {
        using var positional = _connection.CreateCommand();
        positional.CommandText = "SELECT ? || '-' || ?";
        positional.Parameters.Add(new DuckDBParameter("it's"));
        positional.Parameters.Add(new DuckDBParameter(7));
        using var named = _connection.CreateCommand();
        named.CommandText = "SELECT $a::DOUBLE + $b::DOUBLE";
        named.Parameters.Add(new DuckDBParameter("b", 2.5));
        named.Parameters.Add(new DuckDBParameter("a", 1));

        Assert.Equal("it's-7", positional.ExecuteScalar());
        Assert.Equal(3.5, named.ExecuteScalar());
    }

    [Fact]
    public void Execute_WrongSql_SaysWhatDuckDbSaid()
    {
        var error = Assert.Throws<DuckDBException>(() => Execute("SELECT * FROM nowhere"));

        Assert.Contains("nowhere", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void GetValue_UnreadableType_NamesTheColumn()
    {
        using var command = _connection.CreateCommand();
        command.CommandText = "SELECT [1, 2] AS pair";
        using var reader = command.ExecuteReader();
        Assert.True(reader.Read());

        Assert.Contains("pair", Assert.Throws<NotSupportedException>(() => reader.GetValue(0)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Appender_WrongColumnCount_Throws()
    {
        Execute("CREATE TABLE two (a BIGINT, b BIGINT)");
        var appender = _connection.CreateAppender("two");

        Assert.Throws<DuckDBException>(() =>
        {
            appender.CreateRow().AppendValue(1L).EndRow();
            appender.Close();
        });
    }

    public void Dispose()
    {
        _connection.Dispose();
        _folder.Delete(recursive: true);
    }

    private void Execute(string sql)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
