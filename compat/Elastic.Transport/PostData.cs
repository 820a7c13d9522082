using System.Text;

namespace Elastic.Transport;

/// <summary>The body of a request; written anew for each node that is tried.</summary>
public abstract class PostData
{
    public static implicit operator PostData(string literalString) => String(literalString);

    public static PostData String(string serializedString) => new Held(Encoding.UTF8.GetBytes(serializedString));

    public static PostData ReadOnlyMemory(ReadOnlyMemory<byte> bytes) => new Held(bytes);

    internal abstract HttpContent ToContent();

    private sealed class Held(ReadOnlyMemory<byte> bytes) : PostData
    {
        internal override HttpContent ToContent() => new ReadOnlyMemoryContent(bytes);
    }
}
