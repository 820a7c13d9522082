using System.Text.Json;
using System.Text.RegularExpressions;
using Tft.Adapters.Mapping;

namespace Tft.Adapters.Sources.Files;

/// <summary>Lines of one file to rows. A line that can't be read is null, with the reason.</summary>
internal sealed class LineParser
{
    private readonly FileFormat _format;
    private readonly char _delimiter;
    private readonly Regex? _pattern;
    private readonly string _file;
    private IReadOnlyList<string>? _header;

    public LineParser(string file, FilesOptions options)
    {
        _file = System.IO.Path.GetFileName(file);
        _format = FormatOf(file, options);
        _delimiter = System.IO.Path.GetExtension(file) == ".tsv" && options.Delimiter == "," ? '\t' : options.Delimiter[0];
        // A pattern of the user's must not be able to hang the adapter.
        _pattern = _format == FileFormat.Log ? new Regex(options.Pattern, RegexOptions.CultureInvariant, TimeSpan.FromMilliseconds(200)) : null;
    }

    /// <summary>For people.</summary>
    public string File => _file;

    /// <summary>CSV files begin with the names of their columns.</summary>
    public bool HasHeader => _format == FileFormat.Csv;

    public static FileFormat FormatOf(string file, FilesOptions options) => options.Format != FileFormat.Auto ? options.Format
        : System.IO.Path.GetExtension(file) switch
        {
            ".csv" or ".tsv" => FileFormat.Csv,
            ".jsonl" or ".ndjson" or ".json" => FileFormat.JsonLines,
            _ => options.Pattern.Length > 0 ? FileFormat.Log : FileFormat.JsonLines,
        };

    public void SetHeader(string line) => _header = [.. CsvLine.Split(line.TrimStart('\uFEFF'), _delimiter).Select(c => c.Trim())];

    public IRow? Parse(string line, long offset, out string? reason)
    {
        reason = null;
        var name = $"{_file}@{offset}";
        if (string.IsNullOrWhiteSpace(line))
            return null;
        switch (_format)
        {
            case FileFormat.Csv:
                var cells = CsvLine.Split(line, _delimiter);
                if (cells.Count != _header!.Count)
                {
                    reason = $"{cells.Count} cells where the header has {_header.Count}";
                    return null;
                }

                var columns = new Dictionary<string, Cell>(StringComparer.OrdinalIgnoreCase);
                for (var i = 0; i < cells.Count; i++)
                    columns[_header[i]] = Cell.Of(cells[i]);
                return new ColumnsRow(columns, name);
            case FileFormat.Log:
                return Match(line, name, out reason);
            default:
                try
                {
                    using var document = JsonDocument.Parse(line, new JsonDocumentOptions { MaxDepth = 32 });
                    if (document.RootElement.ValueKind == JsonValueKind.Object)
                        return new JsonRow(document.RootElement.Clone(), name);
                    reason = "not a JSON object";
                }
                catch (JsonException e)
                {
                    reason = $"not JSON: {e.Message}";
                }

                return null;
        }
    }

    /// <summary>Lines that do not match are other people's log lines, and no fault.</summary>
    private ColumnsRow? Match(string line, string name, out string? reason)
    {
        reason = null;
        try
        {
            var match = _pattern!.Match(line);
            return match.Success
                ? new ColumnsRow(match.Groups.Cast<Group>().Where(g => g.Success && !char.IsAsciiDigit(g.Name[0])).ToDictionary(g => g.Name, g => Cell.Of(g.Value), StringComparer.OrdinalIgnoreCase), name)
                : null;
        }
        catch (RegexMatchTimeoutException)
        {
            reason = "the pattern took too long on this line";
            return null;
        }
    }
}
