using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Tft.Inference.Hosting;

/// <summary>A <see cref="KeptBytes"/> in JSON.</summary>
/// <typeparam name="T">The state as it is written.</typeparam>
internal abstract class KeptFile<T>(string path, JsonTypeInfo<T> json, TimeSpan interval, TimeProvider time, ILogger logger)
    : KeptBytes(path, interval, time, logger)
{
    protected abstract T State();

    protected abstract void Restore(T state);

    protected override ReadOnlySpan<byte> Write() => JsonSerializer.SerializeToUtf8Bytes(State(), json);

    protected override void Read(byte[] content)
    {
        if (JsonSerializer.Deserialize(content, json) is { } state)
            Restore(state);
    }
}
