using Tft.Contract.Messages;

namespace Tft.Inference.Windows;

/// <summary>What GET /status and GET /health say of the way in: requests, journal, sources. Read at each request; must be cheap.</summary>
internal interface IIngestStatus
{
    /// <summary>Accepted feed requests since start.</summary>
    long AcceptedRequests { get; }

    /// <summary>Refused feed requests since start.</summary>
    long FailedRequests { get; }

    JournalInfo Journal { get; }

    IReadOnlyList<SourceInfo> Sources { get; }
}
