namespace Tft.Tests.Infrastructure.Otlp;

/// <summary>What a service sent about itself: <c>service.name</c> and the rest.</summary>
public sealed record CollectedResource(IReadOnlyDictionary<string, object?> Attributes)
{
    public string Service => Attributes.GetValueOrDefault("service.name") as string ?? "";
}

/// <summary>A span; ids are hex, <see cref="ParentId"/> is empty for a root.</summary>
public sealed record CollectedSpan(
    CollectedResource Resource,
    string Source,
    string TraceId,
    string SpanId,
    string ParentId,
    string Name,
    SpanKind Kind,
    DateTimeOffset Start,
    DateTimeOffset End,
    IReadOnlyDictionary<string, object?> Attributes,
    IReadOnlyList<CollectedLink> Links,
    bool IsError)
{
    public bool LinksTo(CollectedSpan other) => Links.Any(l => l.TraceId == other.TraceId && l.SpanId == other.SpanId);

    public bool IsChildOf(CollectedSpan other) => TraceId == other.TraceId && ParentId == other.SpanId;
}

public sealed record CollectedLink(string TraceId, string SpanId);

/// <summary>A data point; of a histogram the value is the sum.</summary>
public sealed record CollectedMetric(CollectedResource Resource, string Meter, string Name, string Unit, double Value, ulong Count, IReadOnlyDictionary<string, object?> Attributes);

public sealed record CollectedLog(CollectedResource Resource, string Category, string Text, string TraceId, string SpanId);

public enum SpanKind
{
    Unspecified,
    Internal,
    Server,
    Client,
    Producer,
    Consumer,
}
