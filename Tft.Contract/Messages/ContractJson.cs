using System.Text.Json;
using System.Text.Json.Serialization;

namespace Tft.Contract.Messages;

/// <summary>Source-generated JSON of every message, snake_case as on the wire.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.Never)]
[JsonSerializable(typeof(FeedResponse))]
[JsonSerializable(typeof(FeedDataResponse))]
[JsonSerializable(typeof(PredictResponse))]
[JsonSerializable(typeof(ServerForecast))]
[JsonSerializable(typeof(StatusResponse))]
[JsonSerializable(typeof(HealthResponse))]
[JsonSerializable(typeof(HistoryResponse))]
[JsonSerializable(typeof(SnapshotEvent))]
[JsonSerializable(typeof(AlertsResponse))]
[JsonSerializable(typeof(AlertEvent))]
[JsonSerializable(typeof(AckRequest))]
[JsonSerializable(typeof(SilenceRequest))]
[JsonSerializable(typeof(SilencesResponse))]
[JsonSerializable(typeof(ExplainResponse))]
[JsonSerializable(typeof(FleetQualityResponse))]
[JsonSerializable(typeof(ThresholdsResponse))]
[JsonSerializable(typeof(CascadesResponse))]
[JsonSerializable(typeof(RemediationResponse))]
[JsonSerializable(typeof(ApprovalRequest))]
[JsonSerializable(typeof(ApprovalsResponse))]
[JsonSerializable(typeof(ModelsResponse))]
[JsonSerializable(typeof(ActivatedResponse))]
[JsonSerializable(typeof(TrainingRequest))]
[JsonSerializable(typeof(TrainingJobResponse))]
[JsonSerializable(typeof(TrainingJobsResponse))]
[JsonSerializable(typeof(Tft.Contract.Problems.Problem))]
[JsonSerializable(typeof(IReadOnlyList<RejectedRecord>))]
public sealed partial class ContractJson : JsonSerializerContext;
