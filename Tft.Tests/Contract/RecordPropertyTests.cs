using System.Buffers;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Tft.Contract.Metrics;
using Tft.Contract.Records;
using Tft.Contract.Servers;

namespace Tft.Tests.Contract;

[Trait("Ring", "unit")]
public sealed class RecordPropertyTests
{
    private static readonly long s_now = DateTimeOffset.Parse("2026-01-01T00:00:00Z").ToUnixTimeSeconds();

    [Fact]
    public void WriteThenRead_AnyRecords_AreTheSame() =>
        Prop.ForAll(Records(), records =>
        {
            var (read, rejected) = MetricRecordJson.ReadBatch(Body(records), RecordRules.Utc, s_now);
            return rejected.Count == 0 && read.Count == records.Length && read.Zip(records).All(pair => Same(pair.First, pair.Second));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Read_BytesChanged_GivesRecordsRejectsOrMalformedAndCountsAddUp() =>
        Prop.ForAll(Mutations(), body =>
        {
            var reader = new RecordBatchReader(body, RecordRules.Utc, s_now, wrapped: false);
            int good = 0, bad = 0;
            while (reader.Read())
            {
                if (reader.Rejected is null)
                    good++;
                else
                    bad++;
            }

            return good + bad == reader.Received;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(3_000));

    [Fact]
    public void Read_BytesChanged_AgreesWithThePlatformOnWhatIsJson() =>
        Prop.ForAll(Mutations(), body =>
        {
            var reader = new RecordBatchReader(body, RecordRules.Utc, s_now, wrapped: false);
            while (reader.Read())
            {
            }

            // the bare words are the one extension, and an array is demanded
            var text = System.Text.Encoding.UTF8.GetString(body);
            Assert.True(
                text.Contains("NaN") || text.Contains("Infinity") || (reader.Malformed is null) == IsArray(body),
                $"{reader.Malformed} of {text}");
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(3_000));

    [Fact]
    public void Converter_RoundTripThroughTheSerializer_IsTheSame() =>
        Prop.ForAll(Records(), records =>
            records.All(r => Same(JsonSerializer.Deserialize<MetricRecord>(JsonSerializer.Serialize(r))!, r)))
            .QuickCheckThrowOnFailure();

    private static bool Same(MetricRecord a, MetricRecord b)
    {
        var (x, y) = (a.Values, b.Values);
        return a.Timestamp == b.Timestamp && a.ServerName == b.ServerName && a.State == b.State && a.Profile == b.Profile
            && ((ReadOnlySpan<float>)x).SequenceEqual(y);
    }

    private static byte[] Body(IEnumerable<MetricRecord> records)
    {
        var buffer = new ArrayBufferWriter<byte>();
        MetricRecordJson.WriteBatch(buffer, [.. records]);
        return buffer.WrittenSpan.ToArray();
    }

    private static bool IsArray(byte[] body)
    {
        try
        {
            if (!System.Text.Unicode.Utf8.IsValid(body))
                return false;
            using var document = JsonDocument.Parse(body);
            return document.RootElement.ValueKind == JsonValueKind.Array;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static Arbitrary<MetricRecord[]> Records()
    {
        var name = Gen.Elements("a", "ppml0001", "web-7.example.org", "Zürich", "名前", "quo\"te\\", new string('x', 253));
        var record =
            from n in name
            from seconds in Gen.Choose(0, (int)(s_now - 1))
            from state in Gen.Choose(-1, 7)
            from profile in Gen.Choose(-1, 6)
            from values in Gen.ArrayOf(Value(), MetricCatalog.Count)
            from sure in Gen.Choose(0, 7)
            select Make(n, seconds, state, profile, values, sure);
        return Gen.ArrayOf(record).ToArbitrary();
    }

    private static Gen<double> Value() => Gen.OneOf(
        Gen.Constant(double.NaN), Gen.Choose(0, 100).Select(v => (double)v), Gen.Choose(0, 1_000_000_000).Select(v => v / 1e7), Gen.Choose(1, 9).Select(v => v * 1e-9));

    private static MetricRecord Make(string name, int seconds, int state, int profile, double[] values, int sure)
    {
        var set = MetricValues.Missing;
        for (var i = 0; i < values.Length; i++)
            set[i] = (float)(MetricCatalog.All[i].IsInteger ? Math.Floor(values[i]) : values[i]);
        if (!set.Has((Metric)sure))
            set.Set((Metric)sure, 1);
        return new MetricRecord
        {
            Timestamp = DateTimeOffset.FromUnixTimeSeconds(seconds),
            ServerName = name,
            State = state < 0 ? null : (ServerState)state,
            Profile = profile < 0 ? null : (ServerProfile)profile,
            Values = set,
        };
    }

    /// <summary>Bodies with up to five bytes overwritten, dropped or doubled.</summary>
    private static Arbitrary<byte[]> Mutations()
    {
        var edits = Gen.ArrayOf(
            from kind in Gen.Choose(0, 3)
            from at in Gen.Choose(0, int.MaxValue - 1)
            from value in Gen.OneOf(Gen.Choose(0, 255), Gen.Elements("{}[]\",:\\0123456789eE.+-untf \n".Select(c => (int)c)))
            select (kind, at, value), 5);
        return (from records in Records().Generator where records.Length > 0 from e in edits select Apply(Body(records.Take(3)), e)).ToArbitrary();
    }

    private static byte[] Apply(byte[] body, (int Kind, int At, int Value)[] edits)
    {
        var bytes = body.ToList();
        foreach (var (kind, at, value) in edits)
        {
            if (bytes.Count == 0)
                break;
            var i = at % bytes.Count;
            switch (kind)
            {
                case 0: bytes[i] = (byte)value; break;
                case 1: bytes.RemoveAt(i); break;
                case 2: bytes.Insert(i, (byte)value); break;
                default: break;
            }
        }

        return [.. bytes];
    }
}
