using System.Globalization;
using Tft.Contract.Json;
using Tft.Contract.Messages;
using Tft.Contract.Metrics;
using Tft.Contract.Problems;
using Tft.Contract.Servers;

namespace Tft.Contract.Records;

/// <summary>
/// The faults of one record. The first gives code and field of the answer; the messages of all are told, so that a sender can mend them at once.
/// </summary>
internal sealed class RecordFaults
{
    private const int Most = 8;

    private readonly List<(string Code, string? Field, string Message)> _faults = [];

    public void Add(string code, string? field, string message)
    {
        if (_faults.Count < Most)
            _faults.Add((code, field, message));
    }

    public RejectedRecord ToRejected(int index, string? serverName)
    {
        var (code, field, message) = _faults[0];
        if (_faults.Count > 1)
            message = $"{message} Also: {string.Join(' ', _faults.Skip(1).Select(f => f.Message))}";
        return new RejectedRecord(index, serverName, code, field, message);
    }

    public void NotANumber(string field, ReadOnlySpan<byte> raw) =>
        Add(RejectCodes.NotANumber, field, $"{field} is {Show(raw)}; it must be a number.");

    public void OutOfRange(MetricDefinition metric, ReadOnlySpan<byte> raw) =>
        Add(RejectCodes.OutOfRange, metric.Name, $"{metric.Name} is {Show(raw)}; it must be {Range(metric)}.");

    public void OutOfUnitRange(string field, ReadOnlySpan<byte> raw) =>
        Add(RejectCodes.OutOfRange, field, $"{field} is {Show(raw)}; it must be between 0 and 1.");

    public void OutOfPercentRange(string field, ReadOnlySpan<byte> raw) =>
        Add(RejectCodes.OutOfRange, field, $"{field} is {Show(raw)}; it must be between 0 and 100.");

    public void BadTimestamp(ReadOnlySpan<byte> raw) =>
        Add(RejectCodes.BadTimestamp, "timestamp", $"timestamp is {Show(raw)}; expected ISO 8601, for example 2025-10-17T12:00:00Z.");

    public void InFuture(ReadOnlySpan<byte> raw) =>
        Add(RejectCodes.InFuture, "timestamp", $"timestamp is {Show(raw)}; that is more than {RecordRules.MaxAheadSeconds / 60} min ahead of the service's clock.");

    public void MissingTimestamp() => Add(RejectCodes.MissingTimestamp, "timestamp", "timestamp is missing.");

    public void MissingName() => Add(RejectCodes.MissingName, "server_name", "server_name is missing.");

    public void BadName(string what) => Add(RejectCodes.BadName, "server_name", $"server_name {what}");

    public void BadState(ReadOnlySpan<byte> raw) =>
        Add(RejectCodes.BadState, "state", $"state is {Show(raw)}; it must be one of {string.Join(", ", ServerStates.Names)}.");

    public void BadProfile(ReadOnlySpan<byte> raw) =>
        Add(RejectCodes.BadProfile, "profile", $"profile is {Show(raw)}; it must be one of {string.Join(", ", ServerProfiles.Names.Take((int)ServerProfile.Unknown))}.");

    public void NoMetric() => Add(RejectCodes.NoMetric, null, $"The record has none of the {MetricCatalog.Count} metrics.");

    public void NotAnObject(ReadOnlySpan<byte> raw) =>
        Add(RejectCodes.NotAnObject, null, $"The record is {Show(raw)}; it must be an object.");

    /// <summary>Strings in single quotes, everything else as it stands.</summary>
    private static string Show(ReadOnlySpan<byte> raw)
    {
        var text = JsonText.Excerpt(raw is [(byte)'"', .., (byte)'"'] ? raw[1..^1] : raw);
        return raw is [(byte)'"', ..] ? $"'{text}'" : text;
    }

    private static string Range(MetricDefinition metric)
    {
        if (metric.IsInteger)
            return "a whole number, 0 or more";
        return metric.Max < float.MaxValue
            ? string.Create(CultureInfo.InvariantCulture, $"between {metric.Min} and {metric.Max}")
            : "a finite number, 0 or more";
    }
}
