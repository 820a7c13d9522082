using System.Globalization;

namespace Tft.Tests.Sources.Distributed;

/// <summary>
/// One row of a source: a server at a second, with a metric that is averaged, another one, and one whose last value counts. Values differ from
/// row to row, so that a row which is counted twice or not at all moves its bucket's mean.
/// </summary>
/// <param name="Server">Its name.</param>
/// <param name="Second">Unix time.</param>
/// <param name="Cpu">Per cent; averaged.</param>
/// <param name="Mem">Per cent; averaged.</param>
/// <param name="CloseWait">The last of a bucket counts.</param>
internal sealed record Sample(string Server, long Second, double? Cpu, double? Mem, int? CloseWait)
{
    public static Sample Of(string server, long second)
    {
        // hundredths by one division: 5 + .81 would be 5.8100000000000005, which no source gives back
        var mixed = (uint)HashCode(server, second);
        return new Sample(server, second, (500 + (mixed % 8_000)) / 100.0, (500 + (mixed / 8_000 % 9_000)) / 100.0, (int)(mixed / 65_536 % 900));
    }

    public string Time => DateTimeOffset.FromUnixTimeSeconds(Second).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>By the contract's names: what is missing is left out.</summary>
    public string Json()
    {
        var fields = string.Concat(
            Cpu is { } cpu ? string.Create(CultureInfo.InvariantCulture, $",\"cpu_user_pct\":{cpu}") : "",
            Mem is { } mem ? string.Create(CultureInfo.InvariantCulture, $",\"mem_used_pct\":{mem}") : "",
            CloseWait is { } wait ? string.Create(CultureInfo.InvariantCulture, $",\"back_close_wait\":{wait}") : "");
        return $"{{\"timestamp\":\"{Time}\",\"server_name\":\"{Server}\"{fields}}}";
    }

    /// <summary>FNV-1a with a final mix; the same in every run.</summary>
    private static ulong HashCode(string server, long second)
    {
        var hash = 14_695_981_039_346_656_037UL;
        foreach (var c in server)
            hash = (hash ^ c) * 1_099_511_628_211UL;
        for (var i = 0; i < 5; i++)
            hash = (hash ^ (byte)(second >> (8 * i))) * 1_099_511_628_211UL;
        hash ^= hash >> 33;
        hash *= 0xff51afd7ed558ccdUL;
        return hash >> 32;
    }
}
