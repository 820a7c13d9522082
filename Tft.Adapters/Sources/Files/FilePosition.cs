using System.Text.Json;
using System.Text.Json.Serialization;

namespace Tft.Adapters.Sources.Files;

/// <summary>How far one file has been read, and by what it is known again when it has another name.</summary>
/// <param name="Offset">Bytes up to and with the last complete line.</param>
/// <param name="Head">SHA-256 of its first <paramref name="HeadLength"/> bytes.</param>
internal sealed record FilePosition(string Path, long Offset, string Head, int HeadLength);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(IReadOnlyList<FilePosition>))]
internal sealed partial class FilePositionJson : JsonSerializerContext
{
    public static string Write(IEnumerable<FilePosition> positions) =>
        JsonSerializer.Serialize([.. positions.OrderBy(p => p.Path, StringComparer.Ordinal)], Default.IReadOnlyListFilePosition);

    /// <exception cref="SourceException">The kept position is not one of files.</exception>
    public static IReadOnlyList<FilePosition> Read(string? text)
    {
        try
        {
            return text is null ? [] : JsonSerializer.Deserialize(text, Default.IReadOnlyListFilePosition) ?? [];
        }
        catch (JsonException e)
        {
            throw new SourceException($"The position kept for the files can't be read: {e.Message}", e);
        }
    }
}
