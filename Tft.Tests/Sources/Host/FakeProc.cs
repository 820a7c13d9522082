using Tft.Adapters.Sources.Host;
using Tft.Tests.Infrastructure;

namespace Tft.Tests.Sources.Host;

/// <summary>A folder that stands for /proc.</summary>
internal sealed class FakeProc : IDisposable
{
    private readonly TempFolder _folder = new();

    public FakeProc()
    {
        Write("stat", "cpu  100 20 30 800 40 5 5 0 0 0\ncpu0 100 20 30 800 40 5 5 0 0 0\nintr 1 2 3\n");
        Write("meminfo", "MemTotal:       1000 kB\nMemFree:         100 kB\nMemAvailable:    250 kB\nBuffers: 10 kB\nCached: 20 kB\nSwapTotal:       400 kB\nSwapFree:        300 kB\n");
        Write("loadavg", "1.25 0.80 0.60 2/345 6789\n");
        Write("uptime", "172800.50 345600.00\n");
        Write("net/dev", Dev(1_000_000, 2_000_000));
        Write("net/tcp", Tcp());
    }

    public ProcFiles Files => new(_folder.Path);

    public void Write(string path, string text)
    {
        var file = _folder.File(path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }

    public void Delete(string path)
    {
        if (Directory.Exists(_folder.File(path)))
            Directory.Delete(_folder.File(path), recursive: true);
        else
            File.Delete(_folder.File(path));
    }

    public static string Dev(ulong received, ulong sent) =>
        "Inter-|   Receive                                                |  Transmit\n"
        + " face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed\n"
        + "    lo: 999999999 1 0 0 0 0 0 0 999999999 1 0 0 0 0 0 0\n"
        + $"  eth0:{received} 10 0 0 0 0 0 0 {sent} 10 0 0 0 0 0 0\n"
        + "veth12ab: 555555 1 0 0 0 0 0 0 555555 1 0 0 0 0 0 0\n";

    /// <summary>Listens on 80; one CLOSE_WAIT of a client on 80, two towards a database, one established.</summary>
    public static string Tcp() =>
        "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n"
        + "   0: 00000000:0050 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1\n"
        + "   1: 0100007F:0050 0200007F:C350 08 00000000:00000000 00:00000000 00000000     0        0 2\n"
        + "   2: 0100007F:D431 0300007F:1538 08 00000000:00000000 00:00000000 00000000     0        0 3\n"
        + "   3: 0100007F:D432 0300007F:1538 08 00000000:00000000 00:00000000 00000000     0        0 4\n"
        + "   4: 0100007F:D433 0300007F:1538 01 00000000:00000000 00:00000000 00000000     0        0 5\n";

    public void Process(int pid, string name, long ticks, long started) =>
        Write($"{pid}/stat", $"{pid} ({name}) S 1 1 1 0 -1 4194304 0 0 0 0 {ticks} 0 0 0 20 0 1 0 {started} 0 0\n");

    public void Dispose() => _folder.Dispose();
}
