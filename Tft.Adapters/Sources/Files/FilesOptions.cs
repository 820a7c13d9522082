using System.ComponentModel.DataAnnotations;

namespace Tft.Adapters.Sources.Files;

/// <summary>Section <c>Tft:Sources:files</c>.</summary>
internal sealed class FilesOptions
{
    /// <summary>A file, or a pattern with * and ? in its last part.</summary>
    [Required(ErrorMessage = "name a file or a pattern: --path, or path in the config file")]
    public string Path { get; set; } = "";

    public FileFormat Format { get; set; } = FileFormat.Auto;

    /// <summary>Between the columns of a CSV file.</summary>
    [StringLength(1, MinimumLength = 1)]
    public string Delimiter { get; set; } = ",";

    /// <summary>For logs: named groups are the columns, for example <c>(?&lt;timestamp&gt;\S+) (?&lt;server_name&gt;\S+) cpu=(?&lt;cpu_user_pct&gt;\S+)</c>.</summary>
    public string Pattern { get; set; } = "";

    /// <summary>Begin at the end of files that are there on first contact.</summary>
    public bool FromEnd { get; set; }
}
