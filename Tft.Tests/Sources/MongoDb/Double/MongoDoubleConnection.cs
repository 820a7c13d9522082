using System.Buffers.Binary;
using System.Text;
using MongoDB.Bson;
using MongoDB.Bson.Serialization;

namespace Tft.Tests.Sources.MongoDb;

/// <summary>One connection: messages in, messages out. Everything is little-endian; a header is length, id, answer to, kind.</summary>
internal sealed class MongoDoubleConnection(MongoDouble server, Stream stream)
{
    private const int HeaderLength = 16;
    private const int OpReply = 1;
    private const int OpQuery = 2004;
    private const int OpMsg = 2013;
    private const uint ChecksumPresent = 1;
    private const uint MoreToCome = 2;

    private readonly MongoCommands _commands = new(server);
    private int _id;

    public async Task RunAsync()
    {
        var header = new byte[HeaderLength];
        while (await stream.ReadAtLeastAsync(header, HeaderLength, throwOnEndOfStream: false) == HeaderLength)
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(header);
            var id = BinaryPrimitives.ReadInt32LittleEndian(header.AsSpan(4));
            var kind = BinaryPrimitives.ReadInt32LittleEndian(header.AsSpan(12));
            if (length is < HeaderLength or > 48_000_000)
                throw new IOException("no MongoDB message");
            var body = new byte[length - HeaderLength];
            await stream.ReadExactlyAsync(body);
            switch (kind)
            {
                case OpMsg:
                    var (command, wantsAnswer) = Message(body);
                    var answer = await _commands.AnswerAsync(command);
                    if (wantsAnswer)
                        await SendAsync(id, OpMsg, [0, 0, 0, 0, 0], answer);
                    break;
                case OpQuery:
                    // Only the first hello of a connection comes so.
                    await SendAsync(id, OpReply, Reply(), await _commands.AnswerAsync(Query(body)));
                    break;
                default:
                    throw new IOException($"unknown kind of message {kind}");
            }
        }
    }

    /// <summary>Flags, then sections: kind 0 is the command, kind 1 a list of documents that belongs into it under a name.</summary>
    private static (BsonDocument Command, bool WantsAnswer) Message(byte[] body)
    {
        var flags = BinaryPrimitives.ReadUInt32LittleEndian(body);
        var end = body.Length - ((flags & ChecksumPresent) != 0 ? 4 : 0);
        BsonDocument? command = null;
        var lists = new List<(string Name, BsonArray Documents)>();
        for (var at = 4; at < end;)
        {
            if (body[at++] == 0)
            {
                command = Document(body, ref at);
                continue;
            }

            var last = at + BinaryPrimitives.ReadInt32LittleEndian(body.AsSpan(at));
            at += 4;
            var name = CString(body, ref at);
            var documents = new BsonArray();
            while (at < last)
                documents.Add(Document(body, ref at));
            lists.Add((name, documents));
        }

        foreach (var (name, documents) in lists)
            command!.Add(name, documents);
        return (command!, (flags & MoreToCome) == 0);
    }

    /// <summary>Flags, collection, two numbers, the command; its database stands in the collection's name.</summary>
    private static BsonDocument Query(byte[] body)
    {
        var at = 4;
        var name = CString(body, ref at);
        at += 8;
        var command = Document(body, ref at);
        if (command.TryGetValue("$query", out var inner))
            command = inner.AsBsonDocument;
        return command.Contains("$db") ? command : command.Add("$db", name[..name.IndexOf('.', StringComparison.Ordinal)]);
    }

    /// <summary>Flags, cursor, first, count, in front of the only document.</summary>
    private static byte[] Reply()
    {
        var reply = new byte[20];
        reply[0] = 8;
        reply[16] = 1;
        return reply;
    }

    private async Task SendAsync(int to, int kind, byte[] before, BsonDocument document)
    {
        var bytes = document.ToBson();
        var message = new byte[HeaderLength + before.Length + bytes.Length];
        BinaryPrimitives.WriteInt32LittleEndian(message, message.Length);
        BinaryPrimitives.WriteInt32LittleEndian(message.AsSpan(4), ++_id);
        BinaryPrimitives.WriteInt32LittleEndian(message.AsSpan(8), to);
        BinaryPrimitives.WriteInt32LittleEndian(message.AsSpan(12), kind);
        before.CopyTo(message, HeaderLength);
        bytes.CopyTo(message, HeaderLength + before.Length);
        await stream.WriteAsync(message);
        await stream.FlushAsync();
    }

    private static BsonDocument Document(byte[] body, ref int at)
    {
        var length = BinaryPrimitives.ReadInt32LittleEndian(body.AsSpan(at));
        var document = BsonSerializer.Deserialize<BsonDocument>(body[at..(at + length)]);
        at += length;
        return document;
    }

    private static string CString(byte[] body, ref int at)
    {
        var end = Array.IndexOf(body, (byte)0, at);
        var text = Encoding.UTF8.GetString(body, at, end - at);
        at = end + 1;
        return text;
    }
}
