using Tft.Contract.Metrics;
using Tft.Contract.Servers;

namespace Tft.Contract.Records;

/// <summary>One sample of one server, as it goes over the wire (contract 2). NaN in <see cref="Values"/> is "not measured" and is left out.</summary>
[System.Text.Json.Serialization.JsonConverter(typeof(MetricRecordConverter))]
public sealed record MetricRecord
{
    /// <summary>When it was measured; kept to the second.</summary>
    public required DateTimeOffset Timestamp { get; init; }

    /// <summary>1 to 253 characters.</summary>
    public required string ServerName { get; init; }

    /// <summary>Null: derived by the service.</summary>
    public ServerState? State { get; init; }

    /// <summary>Null: taken from the name.</summary>
    public ServerProfile? Profile { get; init; }

    public MetricValues Values { get; init; } = MetricValues.Missing;
}
