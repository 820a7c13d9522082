using System.Collections.Immutable;

namespace Tft.Contract.Servers;

/// <summary>Wire names of the profiles.</summary>
public static class ServerProfiles
{
    /// <summary>Profiles including unknown: the size of the model's embedding.</summary>
    public const int CategoryCount = 8;

    public static ImmutableArray<string> Names { get; } =
        ["ml_compute", "database", "web_api", "conductor_mgmt", "data_ingest", "risk_analytics", "generic", "unknown"];

    public static string Name(this ServerProfile profile) => Names[(int)profile];

    /// <summary>False for a name that is none of the seven; "unknown" is not one.</summary>
    public static bool TryParse(ReadOnlySpan<char> name, out ServerProfile profile)
    {
        for (var i = 0; i < (int)ServerProfile.Unknown; i++)
        {
            if (name.SequenceEqual(Names[i]))
            {
                profile = (ServerProfile)i;
                return true;
            }
        }

        profile = ServerProfile.Unknown;
        return false;
    }
}
