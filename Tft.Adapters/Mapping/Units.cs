using System.Collections.Frozen;

namespace Tft.Adapters.Mapping;

/// <summary>What a value is multiplied by to be in the contract's unit: percent, MB/s (10^6), days.</summary>
internal static class Units
{
    private static readonly FrozenDictionary<string, double> s_factors = new Dictionary<string, double>(StringComparer.Ordinal)
    {
        ["%"] = 1, ["ratio"] = 100,
        ["MB/s"] = 1, ["kB/s"] = 1e-3, ["B/s"] = 1e-6, ["bit/s"] = 1.25e-7, ["kbit/s"] = 1.25e-4, ["Mbit/s"] = 0.125, ["KiB/s"] = 1.024e-3, ["MiB/s"] = 1.048576,
        ["days"] = 1, ["hours"] = 1.0 / 24, ["minutes"] = 1.0 / 1440, ["s"] = 1.0 / 86400, ["ms"] = 1.0 / 86_400_000,
    }.ToFrozenDictionary();

    public static IEnumerable<string> Names => s_factors.Keys.Order(StringComparer.Ordinal);

    public static double? Factor(string unit) => s_factors.TryGetValue(unit, out var factor) ? factor : null;
}
