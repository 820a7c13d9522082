using System.Globalization;

namespace Tft.Adapters.Sources.Host;

/// <summary>
/// Sockets in CLOSE_WAIT from /proc/net/tcp and tcp6: the peer has closed and this side has not. <c>Front</c>: those whose local port is
/// one that this host listens on, so a client's connection; <c>back</c>: all others, so connections that this host opened.
/// </summary>
internal static class CloseWaits
{
    private const int Listening = 0x0A, CloseWait = 0x08;

    /// <returns>NaN where neither file can be read.</returns>
    public static (float Front, float Back) Count(string? tcp, string? tcp6)
    {
        if (tcp is null && tcp6 is null)
            return (float.NaN, float.NaN);
        var sockets = Sockets(tcp).Concat(Sockets(tcp6)).ToList();
        var ports = sockets.Where(s => s.State == Listening).Select(s => s.Port).ToHashSet();
        var waiting = sockets.Where(s => s.State == CloseWait).ToList();
        var front = waiting.Count(s => ports.Contains(s.Port));
        return (front, waiting.Count - front);
    }

    private static IEnumerable<(int Port, int State)> Sockets(string? table)
    {
        if (table is null)
            yield break;
        foreach (var line in table.Split('\n'))
        {
            // sl local_address rem_address st ...; addresses are HEX:PORT. The heading has no port and falls out.
            var fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (fields.Length > 3 && fields[1].Split(':') is [_, var port]
                && int.TryParse(port, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var p)
                && int.TryParse(fields[3], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var state))
                yield return (p, state);
        }
    }
}
