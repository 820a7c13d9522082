using System.Text.Json;
using Tft.Contract.Messages;
using Tft.ServiceDefaults.Files;

namespace Tft.Inference.Training;

/// <summary>The trainings of a service over its restarts, in <c>trainings.json</c>: written whole when one begins or ends.</summary>
internal sealed partial class TrainingLog(string path, ILogger logger)
{
    /// <summary>What was kept, newest first; one that was running then ended with the service. A file that can't be read is set aside.</summary>
    /// <param name="now">The end of what was running.</param>
    public IReadOnlyList<TrainingJobResponse> Load(DateTimeOffset now)
    {
        try
        {
            if (!File.Exists(path))
                return [];
            var kept = JsonSerializer.Deserialize(File.ReadAllBytes(path), ContractJson.Default.TrainingJobsResponse)?.Jobs ?? [];
            return [.. kept.Select(j => j.Ended is null ? j with { State = "failed", Reason = "The service ended before it did.", Ended = now } : j)];
        }
        catch (Exception e) when (e is IOException or JsonException or UnauthorizedAccessException)
        {
            LogUnreadable(path, e.Message);
            SetAside();
            return [];
        }
    }

    /// <summary>Keeps them; where it cannot it is said.</summary>
    public void Save(IReadOnlyList<TrainingJobResponse> jobs)
    {
        try
        {
            AtomicFile.Write(path, JsonSerializer.SerializeToUtf8Bytes(new TrainingJobsResponse(jobs), ContractJson.Default.TrainingJobsResponse));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogUnwritable(path, e.Message);
        }
    }

    private void SetAside()
    {
        try
        {
            File.Move(path, path + ".unreadable", overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogUnwritable(path, e.Message);
        }
    }

    [LoggerMessage(EventId = 3114, Level = LogLevel.Error, Message = "{Path} can't be read and is set aside: {Reason}; earlier trainings are forgotten")]
    private partial void LogUnreadable(string path, string reason);

    [LoggerMessage(EventId = 3115, Level = LogLevel.Error, Message = "{Path} can't be written: {Reason}; after a restart these trainings are forgotten")]
    private partial void LogUnwritable(string path, string reason);
}
