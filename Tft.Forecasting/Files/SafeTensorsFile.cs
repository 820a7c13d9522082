using System.Buffers.Binary;
using System.Text;
using System.Text.Json;

namespace Tft.Forecasting.Files;

/// <summary>
/// A safetensors file: 8 bytes header length, a JSON header (name to type, shape, byte range), the bytes. Nothing of a file is believed: lengths are checked
/// before anything is allocated, every range against its shape, all ranges against each other.
/// </summary>
public sealed class SafeTensorsFile
{
    private const int MostHeader = 16 << 20;
    private const long MostFile = 1L << 31;

    private readonly Dictionary<string, SafeTensor> _tensors;

    private SafeTensorsFile(Dictionary<string, SafeTensor> tensors, Dictionary<string, string> metadata)
    {
        _tensors = tensors;
        Metadata = metadata;
    }

    /// <summary>The header's free text entries.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>The tensors by name.</summary>
    public IReadOnlyDictionary<string, SafeTensor> Tensors => _tensors;

    /// <summary>The tensor of a name.</summary>
    /// <exception cref="InvalidDataException">There is none.</exception>
    public SafeTensor this[string name] => _tensors.TryGetValue(name, out var tensor) ? tensor : throw new InvalidDataException($"no tensor '{name}' in the file");

    /// <summary>Reads a file.</summary>
    /// <exception cref="InvalidDataException">The file is not valid; the message says what is wrong and where.</exception>
    public static SafeTensorsFile Read(string path)
    {
        var length = new FileInfo(path).Length;
        if (length > MostFile)
        {
            throw new InvalidDataException($"safetensors: {length} bytes; at most {MostFile} are read");
        }

        return Parse(File.ReadAllBytes(path));
    }

    /// <summary>Reads the bytes of a file.</summary>
    /// <exception cref="InvalidDataException">The bytes are not valid; the message says what is wrong and where.</exception>
    public static SafeTensorsFile Parse(ReadOnlyMemory<byte> bytes)
    {
        if (bytes.Length < 8)
        {
            throw new InvalidDataException($"safetensors: {bytes.Length} bytes, too short for a header length");
        }

        var header = BinaryPrimitives.ReadUInt64LittleEndian(bytes.Span);
        if (header > MostHeader || header > (ulong)bytes.Length - 8)
        {
            throw new InvalidDataException($"safetensors: header of {header} bytes in a file of {bytes.Length}");
        }

        var body = bytes[(8 + (int)header)..];
        var tensors = new Dictionary<string, SafeTensor>();
        var metadata = new Dictionary<string, string>();
        var ranges = new List<(long Begin, long End, string Name)>();
        try
        {
            using var json = JsonDocument.Parse(bytes.Slice(8, (int)header));
            foreach (var entry in json.RootElement.EnumerateObject())
            {
                if (entry.Name == "__metadata__")
                {
                    foreach (var text in entry.Value.EnumerateObject())
                    {
                        metadata[text.Name] = text.Value.GetString() ?? "";
                    }

                    continue;
                }

                var tensor = Tensor(entry, body, out var range);
                ranges.Add(range);
                if (!tensors.TryAdd(entry.Name, tensor))
                {
                    throw new InvalidDataException($"safetensors: tensor '{entry.Name}' is there twice");
                }
            }
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new InvalidDataException($"safetensors: the header is not valid: {e.Message}", e);
        }

        CheckCover(ranges, body.Length);
        return new SafeTensorsFile(tensors, metadata);
    }

    /// <summary>Writes tensors in the given order; a file of this name is replaced whole or not at all.</summary>
    /// <exception cref="IOException">The file could not be written.</exception>
    public static void Write(string path, IEnumerable<SafeTensor> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        var list = tensors.ToList();
        using var head = new MemoryStream();
        using (var json = new Utf8JsonWriter(head))
        {
            json.WriteStartObject();
            if (metadata is not null)
            {
                json.WriteStartObject("__metadata__");
                foreach (var (key, text) in metadata)
                {
                    json.WriteString(key, text);
                }

                json.WriteEndObject();
            }

            long at = 0;
            foreach (var tensor in list)
            {
                json.WriteStartObject(tensor.Name);
                json.WriteString("dtype", tensor.Type);
                json.WriteStartArray("shape");
                foreach (var n in tensor.Shape)
                {
                    json.WriteNumberValue(n);
                }

                json.WriteEndArray();
                json.WriteStartArray("data_offsets");
                json.WriteNumberValue(at);
                json.WriteNumberValue(at += tensor.Bytes.Length);
                json.WriteEndArray();
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        // the data starts at a multiple of 8
        head.Write(Encoding.ASCII.GetBytes(new string(' ', (int)((8 - (head.Length % 8)) % 8))));
        AtomicFile.Write(path, file =>
        {
            Span<byte> length = stackalloc byte[8];
            BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)head.Length);
            file.Write(length);
            file.Write(head.GetBuffer().AsSpan(0, (int)head.Length));
            foreach (var tensor in list)
            {
                file.Write(tensor.Bytes.Span);
            }
        });
    }

    private static SafeTensor Tensor(JsonProperty entry, ReadOnlyMemory<byte> body, out (long Begin, long End, string Name) range)
    {
        var type = entry.Value.GetProperty("dtype").GetString() ?? "";
        var size = type switch
        {
            "F32" => 4,
            "I64" => 8,
            _ => throw new InvalidDataException($"safetensors: tensor '{entry.Name}' has type '{type}'; F32 and I64 are read"),
        };
        var shape = new List<int>();
        long elements = 1;
        foreach (var n in entry.Value.GetProperty("shape").EnumerateArray())
        {
            if (!n.TryGetInt32(out var dimension) || dimension < 0 || shape.Count == 8 || (elements *= dimension) > int.MaxValue)
            {
                throw new InvalidDataException($"safetensors: tensor '{entry.Name}' has no valid shape: {entry.Value.GetProperty("shape")}");
            }

            shape.Add(dimension);
        }

        var offsets = entry.Value.GetProperty("data_offsets");
        if (offsets.GetArrayLength() != 2 || !offsets[0].TryGetInt64(out var begin) || !offsets[1].TryGetInt64(out var end) || begin < 0 || end < begin || end > body.Length)
        {
            throw new InvalidDataException($"safetensors: tensor '{entry.Name}' has bytes {offsets} of {body.Length}");
        }

        if (end - begin != elements * size)
        {
            throw new InvalidDataException($"safetensors: tensor '{entry.Name}' has {end - begin} bytes for {elements} elements of {type}");
        }

        range = (begin, end, entry.Name);
        return new SafeTensor(entry.Name, type, [.. shape], body[(int)begin..(int)end]);
    }

    private static void CheckCover(List<(long Begin, long End, string Name)> ranges, long length)
    {
        ranges.Sort();
        long at = 0;
        foreach (var (begin, end, name) in ranges)
        {
            if (begin != at)
            {
                throw new InvalidDataException($"safetensors: tensor '{name}' starts at byte {begin}, {(begin < at ? "inside another one" : "after a hole")} that ends at {at}");
            }

            at = end;
        }

        if (at != length)
        {
            throw new InvalidDataException($"safetensors: {length - at} bytes belong to no tensor");
        }
    }
}
