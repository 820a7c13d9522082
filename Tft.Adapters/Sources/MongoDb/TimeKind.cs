using System.Globalization;
using MongoDB.Bson;
using Tft.Adapters.Mapping;

namespace Tft.Adapters.Sources.MongoDb;

/// <summary>
/// How documents keep their time. A range finds only values of its own type, so a collection that keeps times in two ways is read twice
/// and merged.
/// </summary>
internal abstract record TimeKind
{
    /// <summary>Null: of a type that no range can be asked for (a document, a text that is not ISO 8601).</summary>
    public static TimeKind? Of(BsonValue value) => value switch
    {
        BsonDateTime => new Dates(),
        { IsNumeric: true } when Times.TryRead(BsonRow.CellOf(value), out _) => new Numbers(Math.Abs(value.ToDouble()) switch
        {
            >= 1e17 => 1e9,
            >= 1e14 => 1e6,
            >= 1e11 => 1e3,
            _ => 1,
        }),
        BsonString text when text.Value.Length >= 19 && text.Value[4] == text.Value[7] && Times.TryRead(Cell.Of(text.Value), out _) => new Texts(text.Value[4], text.Value[10], OffsetOf(text.Value)),
        _ => null,
    };

    /// <summary>The first value at or after a time.</summary>
    public abstract BsonValue From(DateTimeOffset time);

    /// <summary>Milliseconds since 1970 as an expression of the server's; null: it can't make them.</summary>
    public virtual BsonValue? Milliseconds(string field) => null;

    /// <summary>What tells apart values that one range would find: two zones of text are one kind.</summary>
    public abstract string Type { get; }

    private static TimeSpan OffsetOf(string text) =>
        text.Length > 6 && text[^6] is '+' or '-' && TimeSpan.TryParseExact(text.AsSpan(text.Length - 5), "hh\\:mm", CultureInfo.InvariantCulture, out var offset)
            ? text[^6] == '-' ? -offset : offset
            : TimeSpan.Zero;

    internal sealed record Dates : TimeKind
    {
        public override string Type => "dates";

        public override BsonValue From(DateTimeOffset time) =>
            new BsonDateTime(((time - DateTimeOffset.UnixEpoch).Ticks + TimeSpan.TicksPerMillisecond - 1) / TimeSpan.TicksPerMillisecond);

        public override BsonValue Milliseconds(string field) => new BsonDocument("$subtract", new BsonArray { "$" + field, new BsonDateTime(0L) });
    }

    /// <param name="PerSecond">1, or 10^3, 10^6, 10^9.</param>
    internal sealed record Numbers(double PerSecond) : TimeKind
    {
        public override string Type => string.Create(CultureInfo.InvariantCulture, $"numbers of 1/{PerSecond} s");

        public override BsonValue From(DateTimeOffset time) => new BsonDouble((time - DateTimeOffset.UnixEpoch).Ticks * (PerSecond / TimeSpan.TicksPerSecond));

        public override BsonValue Milliseconds(string field) =>
            new BsonDocument("$floor", new BsonDocument("$multiply", new BsonArray { "$" + field, 1000 / PerSecond }));
    }

    /// <summary>ISO 8601, whose order is that of time as long as all are of one zone.</summary>
    /// <param name="Offset">The zone's, from UTC.</param>
    internal sealed record Texts(char InDate, char BeforeTime, TimeSpan Offset) : TimeKind
    {
        public override string Type => "texts";

        public override BsonValue From(DateTimeOffset time)
        {
            var second = time.Ticks % TimeSpan.TicksPerSecond == 0 ? time : time.AddTicks(TimeSpan.TicksPerSecond - (time.Ticks % TimeSpan.TicksPerSecond));
            // A start of a text comes before all that begin so: no fraction, no zone.
            return second.ToOffset(Offset).ToString($"yyyy'{InDate}'MM'{InDate}'dd'{BeforeTime}'HH:mm:ss", CultureInfo.InvariantCulture);
        }
    }
}
