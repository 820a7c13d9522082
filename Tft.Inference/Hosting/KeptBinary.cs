using System.Text;
using Tft.Inference.Journal;

namespace Tft.Inference.Hosting;

/// <summary>A <see cref="KeptBytes"/> in fields, little endian, that ends with the CRC-32C of what goes before it.</summary>
internal abstract class KeptBinary(string path, TimeSpan interval, TimeProvider time, ILogger logger) : KeptBytes(path, interval, time, logger)
{
    protected abstract void Write(BinaryWriter writer);

    /// <summary>Takes over what <see cref="Write(BinaryWriter)"/> gave.</summary>
    /// <exception cref="InvalidDataException">It is something else; nothing of it was taken over. So it is where it ends too early (<see cref="EndOfStreamException"/>).</exception>
    protected abstract void Read(BinaryReader reader);

    protected override ReadOnlySpan<byte> Write()
    {
        var memory = new MemoryStream();
        using var writer = new BinaryWriter(memory, Encoding.UTF8);
        Write(writer);
        writer.Flush();
        writer.Write(Crc32C.Compute(memory.GetBuffer().AsSpan(0, (int)memory.Length)));
        writer.Flush();
        return memory.GetBuffer().AsSpan(0, (int)memory.Length);
    }

    protected override void Read(byte[] content)
    {
        var length = content.Length - sizeof(uint);
        if (length < 0 || Crc32C.Compute(content.AsSpan(0, length)) != BitConverter.ToUInt32(content, length))
            throw new InvalidDataException("its checksum is not that of its content");
        using var reader = new BinaryReader(new MemoryStream(content, 0, length), Encoding.UTF8);
        Read(reader);
    }
}
