using Tft.Adapters.Sources;
using Tft.Contract.Messages;

namespace Tft.Adapters.Loop;

/// <summary>Says what was refused or could not be mapped: at once the first time, then at most once a minute with the sums.</summary>
internal sealed partial class RejectionReport(ILogger logger, TimeProvider clock)
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMinutes(1);

    private readonly Dictionary<string, int> _rejected = new(StringComparer.Ordinal);
    private DateTimeOffset _rejectedAt = DateTimeOffset.MinValue;
    private DateTimeOffset _faultsAt = DateTimeOffset.MinValue;
    private long _faults;

    public void Rejected(IReadOnlyList<RejectedRecord> rejected)
    {
        if (rejected.Count == 0)
            return;
        foreach (var record in rejected)
            _rejected[record.Code] = _rejected.GetValueOrDefault(record.Code) + 1;
        if (clock.GetUtcNow() - _rejectedAt < s_pause)
            return;
        _rejectedAt = clock.GetUtcNow();
        var last = rejected[^1];
        Log.Rejected(logger, string.Join(", ", _rejected.Select(r => $"{r.Value} {r.Key}")), last.ServerName ?? "?", last.Message);
        _rejected.Clear();
    }

    public void Faults(IReadOnlyList<MappingFault> faults)
    {
        if (faults.Count == 0)
            return;
        _faults += faults.Count;
        if (clock.GetUtcNow() - _faultsAt < s_pause)
            return;
        _faultsAt = clock.GetUtcNow();
        foreach (var fault in faults.Take(5))
            Log.Fault(logger, fault.Row, fault.Field, fault.Reason);
        Log.Faults(logger, _faults);
        _faults = 0;
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 220, Level = LogLevel.Warning, Message = "The service refused records: {Codes}; the last, of {Server}: {Reason}")]
        public static partial void Rejected(ILogger logger, string codes, string server, string reason);

        [LoggerMessage(EventId = 221, Level = LogLevel.Warning, Message = "Row {Row}, field '{Field}': {Reason}")]
        public static partial void Fault(ILogger logger, string row, string field, string reason);

        [LoggerMessage(EventId = 222, Level = LogLevel.Warning, Message = "{Count} fields or rows could not be mapped since the last report")]
        public static partial void Faults(ILogger logger, long count);
    }
}
