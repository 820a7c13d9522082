using System.Text.Json;
using Tft.ServiceDefaults.Files;

namespace Tft.Inference.Models;

/// <summary>Keeps the choice in <c>model-choice.json</c> of the data directory, written before the answer that says so.</summary>
internal sealed partial class ModelChoiceFile(string folder, ILogger logger)
{
    public const string Name = "model-choice.json";

    private readonly string _path = Path.Combine(folder, Name);

    /// <summary>The choice that holds; null: none does, or it cannot be read, which is said.</summary>
    public ModelChoice? Read()
    {
        try
        {
            return File.Exists(_path) ? JsonSerializer.Deserialize(File.ReadAllBytes(_path), ModelChoiceJson.Default.ModelChoice) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            LogUnreadable(_path, e.Message);
            return null;
        }
    }

    /// <returns>False: it could not be written, and holds until the service starts anew.</returns>
    public bool TryWrite(ModelChoice choice)
    {
        try
        {
            AtomicFile.Write(_path, JsonSerializer.SerializeToUtf8Bytes(choice, ModelChoiceJson.Default.ModelChoice));
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogNotKept(choice.Version, _path, e.Message);
            return false;
        }
    }

    /// <summary>A newer model took its place.</summary>
    public void Forget()
    {
        try
        {
            File.Delete(_path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // what is newer than the choice goes before it at a start, so a file that stays does no harm
            LogStays(_path, e.Message);
        }
    }

    [LoggerMessage(EventId = 3104, Level = LogLevel.Warning, Message = "{Path} cannot be read, so the newest model serves instead of the one that was activated: {Reason}")]
    private partial void LogUnreadable(string path, string reason);

    [LoggerMessage(EventId = 3105, Level = LogLevel.Warning, Message = "That {Version} was activated holds only until the service starts anew, since {Path} cannot be written: {Reason}")]
    private partial void LogNotKept(string version, string path, string reason);

    [LoggerMessage(EventId = 3106, Level = LogLevel.Information, Message = "{Path} cannot be deleted: {Reason}")]
    private partial void LogStays(string path, string reason);
}
