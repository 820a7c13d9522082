using System.Text.Json.Serialization;

namespace Tft.Forecasting.Network;

/// <summary>Reads and writes <see cref="TftConfig"/> without reflection.</summary>
[JsonSerializable(typeof(TftConfig))]
[JsonSourceGenerationOptions(RespectNullableAnnotations = true)]
public sealed partial class TftConfigJson : JsonSerializerContext;
