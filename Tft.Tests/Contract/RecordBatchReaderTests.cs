using System.Text;
using System.Text.Json;
using Tft.Contract.Json;
using Tft.Contract.Messages;
using Tft.Contract.Metrics;
using Tft.Contract.Problems;
using Tft.Contract.Records;
using Tft.Contract.Servers;

namespace Tft.Tests.Contract;

[Trait("Ring", "unit")]
public sealed class RecordBatchReaderTests
{
    private const string Time = "2025-10-17T12:00:00Z";
    private static readonly long s_now = DateTimeOffset.Parse(Time).ToUnixTimeSeconds();

    [Fact]
    public void Read_ExampleOfTheContract_RejectsAsTheExampleAnswers()
    {
        var body = """
            [
              {"timestamp": "2025-10-17T12:00:00Z", "server_name": "ppml0001", "state": "healthy", "profile": "ml_compute", "cpu_user_pct": 65.4, "cpu_idle_pct": 20.2},
              {"timestamp": "2025-10-17T12:00:00Z", "server_name": "ppdb001", "cpu_user_pct": 25.1, "cpu_idle_pct": 148.2},
              {"timestamp": "yesterday", "server_name": "ppdb001", "cpu_user_pct": 25.1, "cpu_idle_pct": 48.2}
            ]
            """;
        var expected = """
            [{"index":1,"server_name":"ppdb001","code":"out_of_range","field":"cpu_idle_pct","message":"cpu_idle_pct is 148.2; it must be between 0 and 100."},
             {"index":2,"server_name":"ppdb001","code":"bad_timestamp","field":"timestamp","message":"timestamp is 'yesterday'; expected ISO 8601, for example 2025-10-17T12:00:00Z."}]
            """;

        var (records, rejected, _) = ReadAll(body);

        Assert.Equal("ppml0001", Assert.Single(records).ServerName);
        Assert.Equal(ServerProfile.MlCompute, records[0].Profile);
        Assert.Equal(65.4f, records[0].Values.Get(Metric.CpuUser));
        Assert.False(records[0].Values.Has(Metric.LoadAverage));
        Assert.Equal(
            JsonSerializer.Deserialize(expected, ContractJson.Default.IReadOnlyListRejectedRecord),
            rejected);
    }

    [Theory]
    [InlineData("12", RejectCodes.NotAnObject, null, "The record is 12; it must be an object.")]
    [InlineData("[[]]", RejectCodes.NotAnObject, null, "The record is [[]]; it must be an object.")]
    [InlineData("null", RejectCodes.NotAnObject, null, "The record is null; it must be an object.")]
    [InlineData("""{"timestamp":"T","load_average":1}""", RejectCodes.MissingName, "server_name", "server_name is missing.")]
    [InlineData("""{"timestamp":"T","load_average":1,"server_name":null}""", RejectCodes.MissingName, "server_name", "server_name is missing.")]
    [InlineData("""{"timestamp":"T","load_average":1,"server_name":""}""", RejectCodes.BadName, "server_name", "server_name is empty; it must have 1 to 253 characters.")]
    [InlineData("""{"timestamp":"T","load_average":1,"server_name":7}""", RejectCodes.BadName, "server_name", "server_name is 7; it must be a string.")]
    [InlineData("""{"timestamp":"T","load_average":1,"server_name":"a\u0000"}""", RejectCodes.BadName, "server_name", "server_name holds a control character.")]
    [InlineData("""{"timestamp":"T","load_average":1,"server_name":"a\ud800"}""", RejectCodes.BadName, "server_name", "server_name holds half of a surrogate pair.")]
    [InlineData("""{"server_name":"a","load_average":1}""", RejectCodes.MissingTimestamp, "timestamp", "timestamp is missing.")]
    [InlineData("""{"server_name":"a","load_average":1,"timestamp":1760702400}""", RejectCodes.BadTimestamp, "timestamp", "timestamp is 1760702400; expected ISO 8601, for example 2025-10-17T12:00:00Z.")]
    [InlineData("""{"server_name":"a","load_average":1,"timestamp":"2025-10-17T12:05:01Z"}""", RejectCodes.InFuture, "timestamp", "timestamp is '2025-10-17T12:05:01Z'; that is more than 5 min ahead of the service's clock.")]
    [InlineData("""{"timestamp":"T","server_name":"a","load_average":1,"state":"fine"}""", RejectCodes.BadState, "state", "state is 'fine'; it must be one of critical_issue, healthy, heavy_load, idle, maintenance, morning_spike, offline, recovery.")]
    [InlineData("""{"timestamp":"T","server_name":"a","load_average":1,"state":3}""", RejectCodes.BadState, "state", "state is 3; it must be one of critical_issue, healthy, heavy_load, idle, maintenance, morning_spike, offline, recovery.")]
    [InlineData("""{"timestamp":"T","server_name":"a","load_average":1,"profile":"unknown"}""", RejectCodes.BadProfile, "profile", "profile is 'unknown'; it must be one of ml_compute, database, web_api, conductor_mgmt, data_ingest, risk_analytics, generic.")]
    [InlineData("""{"timestamp":"T","server_name":"a","cpu_user_pct":"12.5"}""", RejectCodes.NotANumber, "cpu_user_pct", "cpu_user_pct is '12.5'; it must be a number.")]
    [InlineData("""{"timestamp":"T","server_name":"a","cpu_user_pct":NaN}""", RejectCodes.NotANumber, "cpu_user_pct", "cpu_user_pct is NaN; it must be a number.")]
    [InlineData("""{"timestamp":"T","server_name":"a","cpu_user_pct":{"a":[1,{}]}}""", RejectCodes.NotANumber, "cpu_user_pct", "cpu_user_pct is {\"a\":[1,{}]}; it must be a number.")]
    [InlineData("""{"timestamp":"T","server_name":"a","cpu_user_pct":true}""", RejectCodes.NotANumber, "cpu_user_pct", "cpu_user_pct is true; it must be a number.")]
    [InlineData("""{"timestamp":"T","server_name":"a","load_average":-Infinity}""", RejectCodes.OutOfRange, "load_average", "load_average is -Infinity; it must be a finite number, 0 or more.")]
    [InlineData("""{"timestamp":"T","server_name":"a","load_average":1e999}""", RejectCodes.OutOfRange, "load_average", "load_average is 1e999; it must be a finite number, 0 or more.")]
    [InlineData("""{"timestamp":"T","server_name":"a","net_in_mb_s":1e39}""", RejectCodes.OutOfRange, "net_in_mb_s", "net_in_mb_s is 1e39; it must be a finite number, 0 or more.")]
    [InlineData("""{"timestamp":"T","server_name":"a","mem_used_pct":-0.1}""", RejectCodes.OutOfRange, "mem_used_pct", "mem_used_pct is -0.1; it must be between 0 and 100.")]
    [InlineData("""{"timestamp":"T","server_name":"a","back_close_wait":3.5}""", RejectCodes.OutOfRange, "back_close_wait", "back_close_wait is 3.5; it must be a whole number, 0 or more.")]
    [InlineData("""{"timestamp":"T","server_name":"a","load_average":1,"anomaly_score":1.5}""", RejectCodes.OutOfRange, "anomaly_score", "anomaly_score is 1.5; it must be between 0 and 1.")]
    [InlineData("""{"timestamp":"T","server_name":"a"}""", RejectCodes.NoMetric, null, "The record has none of the 14 metrics.")]
    [InlineData("{}", RejectCodes.MissingTimestamp, "timestamp", "timestamp is missing. Also: server_name is missing.")]
    public void Read_BadRecordBesideGoodOne_OnlyTheBadIsRejected(string bad, string code, string? field, string message)
    {
        const string good = """{"timestamp":"T","server_name":"good","load_average":1}""";
        var body = $"[{good},{bad},{good}]".Replace("\"T\"", $"\"{Time}\"");

        var (records, rejected, _) = ReadAll(body);

        Assert.Equal(2, records.Count);
        var fault = Assert.Single(rejected);
        Assert.Equal((1, code, field, message), (fault.Index, fault.Code, fault.Field, fault.Message));
    }

    [Theory]
    [InlineData("", 1, 1)]
    [InlineData("{}", 1, 1)]
    [InlineData("[", 1, 2)]
    [InlineData("[1 2]", 1, 4)]
    [InlineData("[1,]", 1, 4)]
    [InlineData("[\n{\"a\":1,}]", 2, 8)]
    [InlineData("[{\"a\" 1}]", 1, 7)]
    [InlineData("[{a:1}]", 1, 3)]
    [InlineData("[01]", 1, 2)]
    [InlineData("[1.]", 1, 4)]
    [InlineData("[-]", 1, 3)]
    [InlineData("[1e]", 1, 4)]
    [InlineData("[\"\\x\"]", 1, 3)]
    [InlineData("[\"\\u12G4\"]", 1, 3)]
    [InlineData("[\"a\nb\"]", 1, 4)]
    [InlineData("[] x", 1, 4)]
    [InlineData("[nul]", 1, 2)]
    [InlineData("[[1,{\"a\":]}]]", 1, 10)]
    [InlineData("[[1}]", 1, 4)]
    public void Read_NotJson_SaysWhere(string body, long line, long at)
    {
        var (_, _, malformed) = ReadAll(body);

        Assert.NotNull(malformed);
        Assert.Equal((line, at), (malformed.Line, malformed.Byte));
    }

    [Fact]
    public void Read_DepthBomb_IsMalformedAndDoesNotOverflow()
    {
        var (_, _, malformed) = ReadAll("[" + new string('[', 1_000_000));

        Assert.Equal("nested deeper than 64 levels.", malformed?.What);
    }

    [Fact]
    public void Read_InvalidUtf8_IsMalformedAtTheByte()
    {
        byte[] body = [.. "[\""u8, 0xC3, 0x28, .. "\"]"u8];
        var reader = new RecordBatchReader(body, RecordRules.Utc, s_now, wrapped: false);

        Assert.False(reader.Read());
        Assert.Equal(3, reader.Malformed?.Byte);
    }

    [Fact]
    public void Read_UnknownAndRepeatedFields_AreIgnoredAndTheLastWins()
    {
        var body = $$"""[{"x":{"deep":[1,"\"]"]},"timestamp":"{{Time}}","server_name":"a","load_average":1,"load_average":2,"cpu\u005fuser_pct":3}]""";

        var record = Assert.Single(ReadAll(body).Records);

        Assert.Equal(2, record.Values.Get(Metric.LoadAverage));
        Assert.Equal(3, record.Values.Get(Metric.CpuUser));
    }

    [Fact]
    public void Read_FieldsInAnotherOrderEachTime_FindsThemAll()
    {
        var body = $$"""
            [{"timestamp":"{{Time}}","server_name":"a","load_average":1,"cpu_user_pct":2},
             {"load_average":3,"cpu_user_pct":4,"server_name":"b","timestamp":"{{Time}}"},
             {"cpu_user_pct":6 , "timestamp" : "{{Time}}" , "server_name":"c", "load_average" :5}]
            """;

        var records = ReadAll(body).Records;

        Assert.Equal(["a", "b", "c"], records.Select(r => r.ServerName));
        Assert.Equal([1f, 3f, 5f], records.Select(r => r.Values.Get(Metric.LoadAverage)));
        Assert.Equal([2f, 4f, 6f], records.Select(r => r.Values.Get(Metric.CpuUser)));
    }

    [Fact]
    public void Read_EscapedFieldNameInOneRecord_DoesNotMoveTheNextRecordsFields()
    {
        var body = $$"""
            [{"timestamp":"{{Time}}","server\u005fname":"a","load_average":1},
             {"timestamp":"{{Time}}","server_name":"b","load_average":2}]
            """;

        Assert.Equal([("a", 1f), ("b", 2f)], ReadAll(body).Records.Select(r => (r.ServerName, r.Values.Get(Metric.LoadAverage))));
    }

    [Fact]
    public void Read_MoreThanTheLimit_StopsAndSaysSo()
    {
        var body = Encoding.UTF8.GetBytes("[" + string.Join(',', Enumerable.Repeat("{}", RecordRules.MaxRecords + 1)) + "]");
        var reader = new RecordBatchReader(body, RecordRules.Utc, s_now, wrapped: false);
        while (reader.Read())
        {
        }

        Assert.True(reader.TooMany);
        Assert.Null(reader.Malformed);
    }

    [Fact]
    public void Read_Contract1_MapsWhatHasACounterpart()
    {
        var body = """{"extra":1,"records":[{"timestamp":"2025-10-17T12:00:00","server_name":"ppdb001","cpu_pct":45.2,"mem_pct":67.8,"disk_io_mb_s":123.4,"latency_ms":12.5,"state":"healthy"}],"after":{}}"""u8;
        var reader = new RecordBatchReader(body, RecordRules.Utc with { TakesContract1 = true }, s_now, wrapped: true);

        Assert.True(reader.Read());
        Assert.Null(reader.Rejected);
        Assert.Equal(45.2f, reader.Values.Get(Metric.CpuUser));
        Assert.Equal(54.8f, reader.Values.Get(Metric.CpuIdle));
        Assert.Equal(67.8f, reader.Values.Get(Metric.MemUsed));
        Assert.False(reader.Values.Has(Metric.NetIn));
        Assert.Equal(3, reader.Contract1Metrics);
        Assert.False(reader.Read());
        Assert.Null(reader.Malformed);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"a":1}""")]
    [InlineData("""{"records":1}""")]
    [InlineData("""{"records":[],"records":[]}""")]
    [InlineData("[]")]
    public void Read_WrappedBodyWithoutOneArrayOfRecords_IsMalformed(string body)
    {
        var reader = new RecordBatchReader(Encoding.UTF8.GetBytes(body), RecordRules.Utc, s_now, wrapped: true);

        Assert.False(reader.Read());
        Assert.NotNull(reader.Malformed);
    }

    private static (List<MetricRecord> Records, List<RejectedRecord> Rejected, MalformedJson? Malformed) ReadAll(string body)
    {
        List<MetricRecord> records = [];
        List<RejectedRecord> rejected = [];
        var reader = new RecordBatchReader(Encoding.UTF8.GetBytes(body), RecordRules.Utc, s_now, wrapped: false);
        while (reader.Read())
        {
            if (reader.Rejected is { } fault)
                rejected.Add(fault);
            else
                records.Add(new MetricRecord { Timestamp = DateTimeOffset.FromUnixTimeSeconds(reader.Seconds), ServerName = Encoding.UTF8.GetString(reader.Name), State = reader.State, Profile = reader.Profile, Values = reader.Values });
        }

        return (records, rejected, reader.Malformed);
    }
}
