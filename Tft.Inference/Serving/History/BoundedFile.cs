namespace Tft.Inference.Serving.History;

/// <summary>A new file that takes so many bytes and no more.</summary>
/// <param name="path">Where; the folder is there.</param>
/// <param name="most">Bytes; a write beyond them throws <see cref="FullException"/>.</param>
internal sealed class BoundedFile(string path, long most) : Stream
{
    private readonly FileStream _file = new(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16, FileOptions.Asynchronous);
    private long _written;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => _written;

    public override long Position
    {
        get => _written;
        set => throw new NotSupportedException();
    }

    public override void Flush() => _file.Flush();

    public override Task FlushAsync(CancellationToken cancellationToken) => _file.FlushAsync(cancellationToken);

    public override void Write(byte[] buffer, int offset, int count)
    {
        Count(count);
        _file.Write(buffer, offset, count);
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Count(buffer.Length);
        return _file.WriteAsync(buffer, cancellationToken);
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _file.Dispose();
        base.Dispose(disposing);
    }

    private void Count(int bytes)
    {
        if ((_written += bytes) > most)
            throw new FullException();
    }

    /// <summary>More was written than the file takes.</summary>
    public sealed class FullException() : IOException("There is more to write than Tft:ExportMegabytes allows.");
}
