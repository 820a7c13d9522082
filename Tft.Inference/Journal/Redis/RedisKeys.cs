using System.Globalization;

namespace Tft.Inference.Journal.Redis;

/// <summary>Names in Redis. The braces keep a partition on one node of a cluster.</summary>
internal static class RedisKeys
{
    public static string Log(int partition) => string.Create(CultureInfo.InvariantCulture, $"tft:{{{partition}}}:log");

    public static string Windows(int partition) => string.Create(CultureInfo.InvariantCulture, $"tft:{{{partition}}}:windows");

    public static string Id(long sequence) => string.Create(CultureInfo.InvariantCulture, $"{sequence}-0");

    public static long Sequence(string id) => long.Parse(id.AsSpan(0, id.IndexOf('-', StringComparison.Ordinal)), CultureInfo.InvariantCulture);
}
