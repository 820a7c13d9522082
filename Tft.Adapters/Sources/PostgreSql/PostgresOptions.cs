using System.ComponentModel.DataAnnotations;

namespace Tft.Adapters.Sources.PostgreSql;

/// <summary>Section <c>Tft:Sources:postgresql</c>.</summary>
internal sealed class PostgresOptions
{
    /// <summary>Npgsql's, for example <c>Host=db;Database=metrics;Username=tft;Password=...;SSL Mode=VerifyFull;Root Certificate=/etc/ssl/ca.pem</c>; else the connection string <c>postgresql</c>.</summary>
    public string Connection { get; set; } = "";

    /// <summary>Table or view, with its schema where it is not on the path.</summary>
    public string Table { get; set; } = "metrics";

    /// <summary>Instead of a table: a SELECT that gives the rows, without range and order.</summary>
    public string Query { get; set; } = "";

    /// <summary>The rows' time; it should have an index (in TimescaleDB it has).</summary>
    [Required]
    public string TimeColumn { get; set; } = "timestamp";

    /// <summary>Rows of one page.</summary>
    [Range(1, 10_000)]
    public int PageSize { get; set; } = 1000;

    /// <summary>Seconds until a query counts as lost.</summary>
    [Range(1, 600)]
    public int CommandTimeout { get; set; } = 30;
}
