namespace Elastic.Transport;

/// <summary>One address; its path is kept, and given a slash at its end where it has none.</summary>
public sealed class Node(Uri uri)
{
    private static readonly TimeSpan s_deadTime = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan s_longest = TimeSpan.FromMinutes(30);

    public Uri Uri { get; } = uri.OriginalString.EndsWith('/') ? uri : new Uri(uri.OriginalString + "/");

    public bool IsAlive { get; private set; } = true;

    public DateTimeOffset DeadUntil { get; private set; }

    public int FailedAttempts { get; private set; }

    public void MarkAlive() => (FailedAttempts, IsAlive, DeadUntil) = (0, true, default);

    public void MarkDead(DateTimeOffset until) => (FailedAttempts, IsAlive, DeadUntil) = (FailedAttempts + 1, false, until);

    /// <summary>Longer with each failure in a row, as in the package.</summary>
    internal void MarkDead() =>
        MarkDead(DateTimeOffset.UtcNow + TimeSpan.FromSeconds(Math.Min(s_deadTime.TotalSeconds * Math.Pow(2, FailedAttempts * 0.5), s_longest.TotalSeconds)));
}
