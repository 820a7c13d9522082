using Tft.ServiceDefaults.Hosting;

namespace Tft.Adapters.Hosting;

/// <summary>Where an adapter keeps its cursor: <c>adapters/</c> in the services' data directory.</summary>
internal static class DataFolder
{
    public static string Find(IConfiguration configuration) => Path.Combine(DataDirectory.Resolve(configuration), "adapters");
}
