using System.Diagnostics;
using Tft.Contract.Metrics;
using Tft.Contract.Servers;

namespace Tft.Inference.Windows;

/// <summary>
/// What the forecaster and the GETs see of the rolling windows. Servers are numbered 0..<see cref="Count"/>-1 in order of arrival;
/// a number stays with its server until the process ends. Safe for one forecaster beside many feeds.
/// </summary>
internal interface IFleetWindows
{
    /// <summary>Servers ever numbered; retired ones keep their number.</summary>
    int Count { get; }

    /// <summary>Closed steps held, over all servers.</summary>
    long ClosedSteps { get; }

    bool TryFind(string name, out int server);

    /// <summary>
    /// Completes when there is a server whose closed buckets changed, or that is new or retired, since <see cref="TakeChanged"/> last took it.
    /// </summary>
    Task WaitForChangeAsync(CancellationToken cancellationToken);

    /// <summary>Takes up to <c>servers.Length</c> changed servers; each is given once per change. Returns how many.</summary>
    int TakeChanged(Span<int> servers);

    /// <summary>The feed spans whose records closed buckets since the last call; at most 128, the newest.</summary>
    IReadOnlyList<ActivityLink> TakeLinks();

    /// <summary>
    /// Copies a server's window, oldest step first, ending at its last closed bucket.
    /// </summary>
    /// <param name="server">Number of the server.</param>
    /// <param name="values">[288 x 14] row-major; NaN where not measured.</param>
    /// <param name="states">[288]; <see cref="ServerState.Missing"/> where the step was not measured.</param>
    WindowInfo Read(int server, Span<float> values, Span<ServerState> states);

    /// <summary>What is known of a server now, the open bucket included.</summary>
    ServerFacts Facts(int server);
}

/// <summary>Where a window stands.</summary>
/// <param name="LastStep">Step number (<see cref="Tft.Contract.Time.TimeGrid"/>) of the last closed bucket; meaningless when <paramref name="KnownSteps"/> is 0.</param>
/// <param name="KnownSteps">Steps from the first measured one to the last closed, at most 288.</param>
/// <param name="MeasuredSteps">Of these, how many were measured.</param>
internal readonly record struct WindowInfo(long LastStep, int KnownSteps, int MeasuredSteps);

/// <summary>A server as it is now.</summary>
internal readonly record struct ServerFacts(
    string Name,
    ServerProfile Profile,
    ServerState State,
    MetricValues Last,
    long LastRecordSeconds,
    bool Retired);
