using System.Runtime.InteropServices;
using Tft.Contract.Metrics;
using Tft.Contract.Time;
using Tft.Forecasting.Recipe.Online;
using Tft.Inference.Hosting;

namespace Tft.Inference.Forecasts.Online;

/// <summary>
/// Keeps what the forecasts have learned from what came in <c>online.bin</c> of the data directory: magic, model, number of servers, the servers, CRC-32C;
/// little endian, 1.4 KB a server. A server that was not seen for a week is left out, as it is retired then.
/// </summary>
internal sealed class OnlineFile(OnlineBook book, string folder, TimeProvider time, ILogger<OnlineFile> logger)
    : KeptBinary(Path.Combine(folder, Name), TimeSpan.FromMinutes(10), time, logger)
{
    public const string Name = "online.bin";
    private const ulong Magic = 0x3230_4E4C_4E4F_5446;

    // before yesterday's value was followed; the rest is the same
    private const ulong FirstMagic = 0x3130_4E4C_4E4F_5446;
    private const int Days = 7;
    private readonly TimeProvider _time = time;

    protected override long Version => book.Version;

    protected override void Write(BinaryWriter writer)
    {
        var oldest = TimeGrid.StepOf(_time.GetUtcNow()) - (Days * TimeGrid.StepsPerDay);
        var servers = book.Save().Where(s => s.LastStep >= oldest).ToList();
        writer.Write(Magic);
        writer.Write(book.Model ?? "");
        writer.Write(servers.Count);
        foreach (var server in servers)
        {
            writer.Write(server.Name);
            writer.Write(server.LastStep);
            writer.Write(server.Recipe.Bits);
            writer.Write(MemoryMarshal.AsBytes(server.LogScales.AsSpan()));
            writer.Write(server.Trust.Length > 0);
            writer.Write(MemoryMarshal.AsBytes(server.Trust.AsSpan()));
            writer.Write(server.OverYesterday.Length > 0);
            writer.Write(MemoryMarshal.AsBytes(server.OverYesterday.AsSpan()));
        }
    }

    protected override void Read(BinaryReader reader)
    {
        var magic = reader.ReadUInt64();
        if (magic is not (Magic or FirstMagic))
            throw new InvalidDataException("it is of another version");
        var model = reader.ReadString();
        var servers = new List<KeptServer>();
        for (var left = reader.ReadInt32(); left > 0; left--)
        {
            var (name, lastStep, recipe) = (reader.ReadString(), reader.ReadInt64(), new MetricMask(reader.ReadInt32()));
            var scales = new Half[KeptServer.ScaleCount];
            reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(scales.AsSpan()));
            var trust = reader.ReadBoolean() ? new float[KeptServer.TrustCount] : [];
            reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(trust.AsSpan()));
            if (trust.Length > 0)
                new SeriesTrust(MetricCatalog.Count).Restore(trust);
            var overYesterday = magic == Magic && reader.ReadBoolean() ? new float[KeptServer.OverYesterdayCount] : [];
            reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(overYesterday.AsSpan()));
            if (overYesterday.Length > 0)
                new YesterdayTrust(MetricCatalog.Count).Restore(overYesterday);
            servers.Add(new KeptServer(name, lastStep, recipe, scales, trust, overYesterday));
        }

        book.Restore(model.Length > 0 ? model : null, servers);
    }
}
