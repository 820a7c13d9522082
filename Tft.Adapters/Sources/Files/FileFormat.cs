namespace Tft.Adapters.Sources.Files;

/// <summary>How the lines of a file are read.</summary>
internal enum FileFormat
{
    /// <summary>By the extension: .csv, .tsv, .jsonl, .ndjson, .json; anything else as a log where a pattern is given.</summary>
    Auto,
    Csv,
    JsonLines,

    /// <summary>Each line by a regular expression with named groups.</summary>
    Log,
}
