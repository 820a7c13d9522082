namespace Tft.Adapters.Mapping;

/// <summary>A row of named columns: CSV, SQL, named groups of a log line. Names are compared without case; an empty cell is missing.</summary>
internal sealed class ColumnsRow(IReadOnlyDictionary<string, Cell> columns, string name) : IRow
{
    public string Name => name;

    public bool TryGet(FieldPath path, out Cell cell) => columns.TryGetValue(path.Text, out cell) && cell is not { Text: "", IsUnusable: false };
}
