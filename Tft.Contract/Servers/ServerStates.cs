using System.Collections.Immutable;

namespace Tft.Contract.Servers;

/// <summary>Names and order of badness of the states.</summary>
public static class ServerStates
{
    /// <summary>States and the index for "missing": the size of the model's embedding.</summary>
    public const int CategoryCount = 9;

    /// <summary>Wire names by index, without <see cref="ServerState.Missing"/>.</summary>
    public static ImmutableArray<string> Names { get; } =
        ["critical_issue", "healthy", "heavy_load", "idle", "maintenance", "morning_spike", "offline", "recovery"];

    /// <summary>Rank by state: 0 is the worst. Offline, critical_issue, recovery, heavy_load, maintenance, morning_spike, idle, healthy.</summary>
    private static readonly byte[] s_rank = [1, 7, 3, 6, 4, 5, 0, 2, byte.MaxValue];

    public static string Name(this ServerState state) =>
        state == ServerState.Missing ? "missing" : Names[(int)state];

    public static bool TryParse(ReadOnlySpan<char> name, out ServerState state)
    {
        for (var i = 0; i < Names.Length; i++)
        {
            if (name.SequenceEqual(Names[i]))
            {
                state = (ServerState)i;
                return true;
            }
        }

        state = ServerState.Missing;
        return false;
    }

    /// <summary>The worse of two, as the state of a bucket; missing is better than anything.</summary>
    public static ServerState Worst(ServerState a, ServerState b) => s_rank[(int)a] <= s_rank[(int)b] ? a : b;
}
