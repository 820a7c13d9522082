using System.Text;
using System.Text.Json;
using Tft.Contract.Messages;
using Tft.Contract.Metrics;
using Tft.Contract.Problems;
using Tft.Inference.Journal;
using Tft.Inference.Windows;

namespace Tft.Inference.Feed;

/// <summary>The answers of POST /feed and POST /feed/data, written field by field.</summary>
internal static class FeedAnswer
{
    /// <summary>Adds what the windows refused to what the reader refused, in the order of the batch.</summary>
    public static void AddRefused(List<RejectedRecord> rejected, ReadOnlySpan<byte> entry, ReadOnlySpan<Verdict> verdicts, int maxServers)
    {
        var records = Entry.Records(entry);
        while (records.Next())
        {
            var name = verdicts[records.Index] is Verdict.TooLate or Verdict.TooOld or Verdict.TooManyServers ? Encoding.UTF8.GetString(records.Name) : "";
            var time = DateTimeOffset.FromUnixTimeSeconds(records.Seconds);
            switch (verdicts[records.Index])
            {
                case Verdict.TooLate:
                    rejected.Add(new RejectedRecord(records.Index, name, RejectCodes.TooLate, "timestamp",
                        $"timestamp is {time:yyyy-MM-ddTHH:mm:ssZ}; this source has sent a record of this server that is more than 15 min newer, and the bucket has data already."));
                    break;
                case Verdict.TooOld:
                    rejected.Add(new RejectedRecord(records.Index, name, RejectCodes.TooOld, "timestamp",
                        $"timestamp is {time:yyyy-MM-ddTHH:mm:ssZ}; that is before the server's window of 24 h."));
                    break;
                case Verdict.TooManyServers:
                    rejected.Add(new RejectedRecord(records.Index, name, RejectCodes.TooManyServers, "server_name",
                        $"server_name is '{name}', a new one; the limit of {maxServers} servers is reached."));
                    break;
                default:
                    break;
            }
        }

        rejected.Sort(static (a, b) => a.Index.CompareTo(b.Index));
    }

    public static void Write(FeedWork work, int received, in ApplyResult result, double warmupProgress, FeedDataResponse? contract1)
    {
        var json = work.Json;
        json.Reset(work.Answer);
        json.WriteStartObject();
        json.WriteString("status"u8, contract1 is not null ? "accepted" : work.Rejected.Count == 0 ? "ok" : "partial");
        json.WriteNumber("received"u8, received);
        json.WriteNumber("accepted"u8, result.Accepted);
        json.WriteNumber("duplicates"u8, result.Duplicates);
        json.WritePropertyName("rejected"u8);
        if (work.Rejected.Count == 0)
            json.WriteRawValue("[]"u8, skipInputValidation: true);
        else
            JsonSerializer.Serialize(json, work.Rejected, ContractJson.Default.IReadOnlyListRejectedRecord);
        if (contract1 is not null)
            WriteContract1(json, contract1);
        json.WriteNumber("warmup_progress"u8, warmupProgress);
        json.WriteEndObject();
        json.Flush();
        json.Reset(Stream.Null);
    }

    public static FeedWarning Contract1Warning(int metrics) => new(
        "contract_1",
        "Contract 1 record: cpu_pct and mem_pct were mapped; disk_io_mb_s and latency_ms have no counterpart and were dropped; "
            + $"{MetricCatalog.Count - metrics} metrics are missing. Send contract 2 for full forecasts.");

    private static void WriteContract1(Utf8JsonWriter json, FeedDataResponse answer)
    {
        json.WriteNumber("tick"u8, answer.Tick);
        json.WriteNumber("window_size"u8, answer.WindowSize);
        json.WriteNumber("servers_tracked"u8, answer.ServersTracked);
        json.WriteNumber("servers_ready"u8, answer.ServersReady);
        json.WriteBoolean("warmup_complete"u8, answer.WarmupComplete);
        json.WriteStartArray("warnings"u8);
        foreach (var warning in answer.Warnings)
        {
            json.WriteStartObject();
            json.WriteString("code"u8, warning.Code);
            json.WriteString("message"u8, warning.Message);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
