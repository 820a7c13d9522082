using System.Buffers;
using System.Text.Json;
using Tft.Contract.Messages;
using Tft.Inference.Journal;
using Tft.Inference.Windows;

namespace Tft.Inference.Feed;

/// <summary>Everything that one request needs, kept between requests, so that a batch allocates next to nothing.</summary>
internal sealed class FeedWork
{
    private byte[] _body = ArrayPool<byte>.Shared.Rent(64 * 1024);
    private Verdict[] _verdicts = new Verdict[1_024];

    public int BodyLength { get; private set; }

    public ReadOnlySpan<byte> Body => _body.AsSpan(0, BodyLength);

    /// <summary><see cref="Body"/>, for readers that outlive a stack frame; valid until the work goes back.</summary>
    public ReadOnlyMemory<byte> BodyMemory => _body.AsMemory(0, BodyLength);

    public EntryBuilder Entry { get; } = new();

    public List<RejectedRecord> Rejected { get; } = [];

    public ArrayBufferWriter<byte> Answer { get; } = new(512);

    public Utf8JsonWriter Json { get; } = new(Stream.Null);

    /// <summary>Room for a verdict of each record.</summary>
    public Memory<Verdict> Verdicts(int records)
    {
        if (_verdicts.Length < records)
            _verdicts = new Verdict[Math.Max(records, _verdicts.Length * 2)];
        return _verdicts.AsMemory(0, records);
    }

    public void Start()
    {
        BodyLength = 0;
        Rejected.Clear();
        Answer.ResetWrittenCount();
    }

    public void Append(in ReadOnlySequence<byte> part)
    {
        var wanted = BodyLength + (int)part.Length;
        EnsureBody(wanted);
        part.CopyTo(_body.AsSpan(BodyLength));
        BodyLength = wanted;
    }

    public void EnsureBody(int bytes)
    {
        if (_body.Length >= bytes)
            return;
        var more = ArrayPool<byte>.Shared.Rent(Math.Max(bytes, Math.Min(_body.Length * 2, 16 << 20)));
        _body.AsSpan(0, BodyLength).CopyTo(more);
        ArrayPool<byte>.Shared.Return(_body);
        _body = more;
    }

    /// <summary>Large buffers go back to the common pool: they are rarely needed twice.</summary>
    public void Shrink()
    {
        if (_body.Length <= 4 << 20)
            return;
        ArrayPool<byte>.Shared.Return(_body);
        _body = ArrayPool<byte>.Shared.Rent(64 * 1024);
        BodyLength = 0;
    }
}
