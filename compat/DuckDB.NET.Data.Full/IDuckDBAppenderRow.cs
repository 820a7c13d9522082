namespace DuckDB.NET.Data;

/// <summary>A row under construction: the columns in order.</summary>
public interface IDuckDBAppenderRow
{
    IDuckDBAppenderRow AppendNullValue();

    IDuckDBAppenderRow AppendValue(bool? value);

    IDuckDBAppenderRow AppendValue(int? value);

    IDuckDBAppenderRow AppendValue(long? value);

    IDuckDBAppenderRow AppendValue(float? value);

    IDuckDBAppenderRow AppendValue(double? value);

    IDuckDBAppenderRow AppendValue(DateTime? value);

    IDuckDBAppenderRow AppendValue(string? value);

    void EndRow();
}
