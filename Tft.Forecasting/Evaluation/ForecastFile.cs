using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Tft.Forecasting.Evaluation;

/// <summary>Forecast files NAME.safetensors with one F32 tensor <c>forecast</c> of shape [origins, 96, metrics, 3].</summary>
public static class ForecastFile
{
    /// <summary>Writes a forecast.</summary>
    public static void Write(string path, QuantileForecast forecast)
    {
        var header = string.Create(CultureInfo.InvariantCulture,
            $"{{\"forecast\":{{\"dtype\":\"F32\",\"shape\":[{forecast.Origins},{Data.Protocol.Horizon},{forecast.Metrics},{QuantileForecast.Quantiles}],\"data_offsets\":[0,{forecast.Values.Length * sizeof(float)}]}}}}");
        header += new string(' ', (8 - (header.Length % 8)) % 8);
        Span<byte> length = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
        using var file = File.Create(path);
        file.Write(length);
        file.Write(Encoding.ASCII.GetBytes(header));
        file.Write(MemoryMarshal.AsBytes(forecast.Values.AsSpan()));
    }

    /// <summary>Reads a forecast.</summary>
    /// <exception cref="InvalidDataException">The file is no such forecast; the text says why.</exception>
    public static QuantileForecast Read(string path)
    {
        var bytes = File.ReadAllBytes(path);
        var name = Path.GetFileName(path);
        if (bytes.Length < 8 || BinaryPrimitives.ReadInt64LittleEndian(bytes) is var length && (length <= 0 || length > bytes.Length - 8))
            throw new InvalidDataException($"{name} is shorter than its header says.");
        using var header = ParseHeader(bytes.AsMemory(8, (int)length), name);
        if (!header.RootElement.TryGetProperty("forecast", out var entry) || entry.GetProperty("dtype").GetString() != "F32")
            throw new InvalidDataException($"{name} has no F32 tensor 'forecast'.");
        var shape = entry.GetProperty("shape").EnumerateArray().Select(e => e.GetInt32()).ToArray();
        if (shape.Length != 4 || shape[1] != Data.Protocol.Horizon || shape[3] != QuantileForecast.Quantiles)
            throw new InvalidDataException($"{name}: forecast has shape [{string.Join(", ", shape)}], expected [origins, {Data.Protocol.Horizon}, metrics, 3].");
        var (first, last) = (entry.GetProperty("data_offsets")[0].GetInt64(), entry.GetProperty("data_offsets")[1].GetInt64());
        var forecast = new QuantileForecast(shape[0], shape[2]);
        if (last - first != (long)forecast.Values.Length * sizeof(float) || first < 0 || 8 + length + last > bytes.Length)
            throw new InvalidDataException($"{name}: forecast holds {last - first} bytes, its shape asks for {(long)forecast.Values.Length * sizeof(float)}.");
        bytes.AsSpan((int)(8 + length + first), (int)(last - first)).CopyTo(MemoryMarshal.AsBytes(forecast.Values.AsSpan()));
        return forecast;
    }

    private static JsonDocument ParseHeader(ReadOnlyMemory<byte> json, string name)
    {
        try
        {
            return JsonDocument.Parse(json);
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{name}: the header is no JSON: {e.Message}", e);
        }
    }
}
