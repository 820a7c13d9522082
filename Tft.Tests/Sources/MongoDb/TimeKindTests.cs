using MongoDB.Bson;
using Tft.Adapters.Sources.MongoDb;
using Tft.Tests.Infrastructure;

namespace Tft.Tests.Sources.MongoDb;

[Trait("Ring", "unit")]
public sealed class TimeKindTests
{
    private static readonly DateTimeOffset s_time = new(2026, 3, 2, 8, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("2026-11-21T02:45:20Z", "2026-03-02T08:00:00")]
    [InlineData("2026-11-21T02:45:20.123456", "2026-03-02T08:00:00")]
    [InlineData("2026-11-21 02:45:20", "2026-03-02 08:00:00")]
    [InlineData("2026/11/21 02:45:20", "2026/03/02 08:00:00")]
    [InlineData("2026-11-21T02:45:20.5+01:00", "2026-03-02T09:00:00")]
    [InlineData("2026-11-21T02:45:20-05:30", "2026-03-02T02:30:00")]
    public void From_Text_IsWrittenAsTheDocumentsAre(string sample, string from)
    {
        var kind = TimeKind.Of(sample)!;

        Assert.Equal(from, kind.From(s_time).AsString);
        // Before every text of that second and after every one of the second before.
        Assert.True(string.CompareOrdinal(from, from + sample[19..]) <= 0);
        Assert.Equal(kind.From(s_time.AddSeconds(1)), kind.From(s_time.AddMilliseconds(1)));
    }

    [Theory]
    [InlineData(1_772_438_400.0, 1_772_438_400.5)]
    [InlineData(1_772_438_400_000.0, 1_772_438_400_500.0)]
    [InlineData(1_772_438_400_000_000.0, 1_772_438_400_500_000.0)]
    [InlineData(1_772_438_400_000_000_000.0, 1_772_438_400_500_000_000.0)]
    public void From_Number_HasTheUnitOfTheDocuments(double sample, double from) =>
        Assert.Equal(from, TimeKind.Of(sample)!.From(s_time.AddMilliseconds(500)).ToDouble(), from * 1e-12);

    [Fact]
    public void From_Date_IsTheFirstMillisecondAtOrAfter()
    {
        var kind = TimeKind.Of(new BsonDateTime(0L))!;

        Assert.Equal(s_time.ToUnixTimeMilliseconds(), ((BsonDateTime)kind.From(s_time)).MillisecondsSinceEpoch);
        Assert.Equal(s_time.ToUnixTimeMilliseconds() + 1, ((BsonDateTime)kind.From(s_time.AddTicks(1))).MillisecondsSinceEpoch);
    }

    [Theory]
    [InlineData("yesterday")]
    [InlineData("1772438400")]
    [InlineData("Mon Mar  2 08:00:00 2026")]
    public void Of_TextWithoutOrder_IsNone(string text) => Assert.Null(TimeKind.Of(text));

    [Theory]
    [InlineData("""[{"key": {"_id": 1}, "name": "_id_"}]""", true)]
    [InlineData("""[{"key": {"host": 1, "timestamp": 1, "_id": 1}, "name": "x"}]""", true)]
    [InlineData("""[{"key": {"timestamp": 1, "_id": 1}, "partialFilterExpression": {"a": 1}, "name": "x"}]""", true)]
    [InlineData("""[{"key": {"timestamp": "hashed"}, "name": "x"}]""", true)]
    [InlineData("""[{"key": {"timestamp": -1}, "name": "x"}]""", false)]
    [InlineData("""[{"key": {"timestamp": 1, "_id": -1}, "name": "x"}]""", false)]
    [InlineData("""[{"key": {"timestamp": 1, "_id": 1}, "name": "x"}]""", null)]
    [InlineData("""[{"key": {"timestamp": -1, "_id": -1, "host": 1}, "name": "x"}]""", null)]
    public void For_Indexes_UrgentOrBetterOrGood(string indexes, bool? isUrgent)
    {
        SkipUnless.True(MongoStore.LibraryIsThere, "MongoDB's C driver is not installed (apt-get install libmongoc-1.0-0)");
        var list = BsonDocument.Parse($$"""{"indexes": {{indexes}}}""")["indexes"].AsBsonArray.Select(i => i.AsBsonDocument);

        Assert.Equal(isUrgent, IndexAdvice.For(list, "timestamp", "metrics")?.IsUrgent);
    }
}
