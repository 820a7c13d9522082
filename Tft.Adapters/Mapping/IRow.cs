namespace Tft.Adapters.Mapping;

/// <summary>One row of a source: a document, a line, a tuple.</summary>
internal interface IRow
{
    /// <summary>How a person finds it again: <c>line 17</c>, <c>_id 65f0...</c>.</summary>
    string Name { get; }

    /// <summary>False where there is nothing at the path, or null.</summary>
    bool TryGet(FieldPath path, out Cell cell);
}
