using Tft.Contract.Messages;

namespace Tft.Dashboard.History;

/// <summary>What the service says of a range; null where it does not know the server.</summary>
public sealed record PastAnswer(HistoryResponse? History);
