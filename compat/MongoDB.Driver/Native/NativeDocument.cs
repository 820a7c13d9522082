using System.Runtime.InteropServices;
using System.Text;
using MongoDB.Bson;

namespace MongoDB.Driver.Native;

/// <summary>A bson_t of libbson's that holds a copy of a document.</summary>
internal sealed unsafe class NativeDocument : IDisposable
{
    public NativeDocument(BsonDocument document)
    {
        var bytes = BsonBytes.Write(document);
        fixed (byte* data = bytes)
            Handle = NativeMethods.BsonNewFromData(data, (nuint)bytes.Length);
    }

    public nint Handle { get; private set; }

    public static BsonDocument Parse(string json)
    {
        NativeLibraries.Start();
        var text = Encoding.UTF8.GetBytes(json);
        nint parsed;
        NativeError error;
        fixed (byte* data = text)
            parsed = NativeMethods.BsonNewFromJson(data, text.Length, out error);
        if (parsed == 0)
            throw new FormatException($"This is not a JSON document: {error.Message.Trim()}");
        try
        {
            return Read(parsed);
        }
        finally
        {
            NativeMethods.BsonDestroy(parsed);
        }
    }

    public static string ToJson(BsonDocument document)
    {
        NativeLibraries.Start();
        using var native = new NativeDocument(document);
        var text = NativeMethods.BsonAsJson(native.Handle, out var length);
        try
        {
            return Encoding.UTF8.GetString(text, (int)length);
        }
        finally
        {
            NativeMethods.BsonFree(text);
        }
    }

    /// <summary>A copy of a document that the library owns.</summary>
    public static BsonDocument Read(nint bson)
    {
        var data = NativeMethods.BsonGetData(bson);
        return BsonBytes.Read(new ReadOnlySpan<byte>(data, Marshal.ReadInt32((nint)data)));
    }

    public void Dispose()
    {
        if (Handle != 0)
            NativeMethods.BsonDestroy(Handle);
        Handle = 0;
    }
}
