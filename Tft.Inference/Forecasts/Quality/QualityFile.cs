using Tft.Contract.Time;
using Tft.Inference.Hosting;

namespace Tft.Inference.Forecasts.Quality;

/// <summary>
/// Keeps what came of forecasts in <c>quality.bin</c> of the data directory: magic, bytes of the sums, number of servers, and of each its name, the last step that was
/// judged and the sums; 4 KB a server. A server that was last judged more than a week ago is left out: nothing of it is shown.
/// </summary>
internal sealed class QualityFile(QualityTracker tracker, string folder, TimeProvider time, ILogger<QualityFile> logger)
    : KeptBinary(Path.Combine(folder, Name), TimeSpan.FromMinutes(10), time, logger)
{
    public const string Name = "quality.bin";
    private const ulong Magic = 0x3130_4C41_5551_5446;

    private readonly TimeProvider _time = time;

    protected override long Version => tracker.Version;

    protected override void Write(BinaryWriter writer)
    {
        var servers = tracker.Save();
        // a clock that is ahead, of this machine or of a server's, must not delete the week of the others
        var newest = Math.Min(TimeGrid.StepOf(_time.GetUtcNow()), servers.Select(s => s.LastStep).DefaultIfEmpty().Max());
        var oldest = newest - (QualitySums.Days * TimeGrid.StepsPerDay);
        servers = [.. servers.Where(s => s.LastStep > oldest)];
        writer.Write(Magic);
        writer.Write(QualitySums.Bytes);
        writer.Write(servers.Count);
        foreach (var server in servers)
        {
            writer.Write(server.Name);
            writer.Write(server.LastStep);
            writer.Write(server.Sums.Content);
        }
    }

    protected override void Read(BinaryReader reader)
    {
        if (reader.ReadUInt64() != Magic || reader.ReadInt32() != QualitySums.Bytes)
            throw new InvalidDataException("it is of another version");
        var servers = new List<KeptQuality>();
        for (var left = reader.ReadInt32(); left > 0; left--)
        {
            var server = new KeptQuality(reader.ReadString(), reader.ReadInt64(), new QualitySums());
            reader.BaseStream.ReadExactly(server.Sums.Content);
            servers.Add(server);
        }

        tracker.Restore(servers);
    }
}
