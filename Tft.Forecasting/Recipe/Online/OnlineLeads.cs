namespace Tft.Forecasting.Recipe.Online;

/// <summary>
/// The leads at which forecasts of an hourly origin are compared with what came: one in the middle of each group of twelve. All twelve say hardly more
/// (neighbouring leads miss together) and would take twelve times the memory.
/// </summary>
public static class OnlineLeads
{
    // a field: a span over constants is made anew at each use in a debug build
    private static readonly int[] s_trustGroups = [0, 1, 3, 7];

    /// <summary>Steps between the origins that are followed.</summary>
    public const int OriginStep = 12;

    /// <summary>Groups by whose leads the networks are judged: 30 minutes, 1.5, 3.5 and 7.5 hours ahead.</summary>
    public static ReadOnlySpan<int> TrustGroups => s_trustGroups;

    /// <summary>Index (0 = one step ahead) of a group's lead.</summary>
    public static int Lead(int group) => (group * OnlineConformal.GroupLeads) + (OnlineConformal.GroupLeads / 2) - 1;

    /// <summary>Origins of a group that wait for their target at the same time, where they are an hour apart.</summary>
    public static int Waiting(int group) => group + 1;
}
