using Tft.Contract.Messages;

namespace Tft.Adapters.Pushing;

/// <summary>What became of pushed records; everything in it is settled and need not be sent again.</summary>
internal sealed record PushResult(int Accepted, int Duplicates, int SetAside, IReadOnlyList<RejectedRecord> Rejected)
{
    public static PushResult Nothing { get; } = new(0, 0, 0, []);

    public PushResult Plus(PushResult other) =>
        new(Accepted + other.Accepted, Duplicates + other.Duplicates, SetAside + other.SetAside, [.. Rejected, .. other.Rejected]);
}

/// <summary>The service could not be reached in the tries that were allowed; nothing of the batch is known to be kept.</summary>
internal sealed class PushFailedException(string message, Exception? inner = null) : Exception(message, inner);
