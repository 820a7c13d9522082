using System.Text.Json;
using Tft.Contract.Messages;
using Tft.ServiceDefaults.Files;

namespace Tft.Inference.Remediation;

/// <summary>
/// Who decided what, in <c>approvals.json</c> of the data directory. A decision is on the disk before it is answered: unlike an acknowledgement, it is there
/// to be shown later. The file is written whole each time, which people do not do often enough to matter.
/// </summary>
internal sealed partial class ApprovalBook
{
    public const string FileName = "approvals.json";

    private readonly Lock _gate = new();
    private readonly string _path;
    private readonly int _maximum;
    private readonly ILogger _logger;
    private SavedApprovals _saved = new();

    /// <param name="folder">The data directory.</param>
    /// <param name="maximum">Decisions that are kept.</param>
    /// <param name="logger">Says what was dropped or could not be read.</param>
    public ApprovalBook(string folder, int maximum, ILogger<ApprovalBook> logger)
    {
        (_path, _maximum, _logger) = (Path.Combine(folder, FileName), maximum, logger);
        Load();
    }

    /// <summary>Newest first.</summary>
    public ApprovalsResponse All()
    {
        var saved = _saved;
        return new([.. saved.Approvals.Reverse()], _maximum, saved.Dropped);
    }

    /// <summary>The last decision on each runbook of each server since a time.</summary>
    public Dictionary<(string Server, string Runbook), ApprovalInfo> Since(DateTimeOffset time)
    {
        var last = new Dictionary<(string, string), ApprovalInfo>();
        foreach (var approval in _saved.Approvals)
        {
            if (approval.At >= time)
                last[(approval.Server, approval.Runbook)] = approval;
        }

        return last;
    }

    /// <summary>Keeps a decision.</summary>
    /// <exception cref="IOException">It could not be written and is not kept.</exception>
    /// <exception cref="UnauthorizedAccessException">The same.</exception>
    public void Add(ApprovalInfo approval)
    {
        lock (_gate)
        {
            var over = Math.Max(0, _saved.Approvals.Count + 1 - _maximum);
            var next = new SavedApprovals { Dropped = _saved.Dropped + over, Approvals = [.. _saved.Approvals.Skip(over), approval] };
            AtomicFile.Write(_path, JsonSerializer.SerializeToUtf8Bytes(next, SavedApprovalsJson.Default.SavedApprovals));
            _saved = next;
            if (over > 0)
                LogDropped(_logger, over, next.Dropped);
        }
    }

    private void Load()
    {
        try
        {
            if (File.Exists(_path) && JsonSerializer.Deserialize(File.ReadAllBytes(_path), SavedApprovalsJson.Default.SavedApprovals) is { } saved)
                _saved = saved;
        }
        catch (Exception e) when (e is IOException or JsonException or UnauthorizedAccessException)
        {
            // a record of decisions is not overwritten by a new one: it is set aside for whoever can read it
            LogUnreadable(_logger, _path, e.Message);
            SetAside();
        }
    }

    private void SetAside()
    {
        try
        {
            File.Move(_path, $"{_path}.broken", overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogUnreadable(_logger, _path, e.Message);
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "{Count} of the oldest decisions dropped from the record, {Total} so far.")]
    private static partial void LogDropped(ILogger logger, int count, long total);

    [LoggerMessage(2, LogLevel.Error, "The record of decisions {Path} can't be read and begins anew: {Reason}")]
    private static partial void LogUnreadable(ILogger logger, string path, string reason);
}
