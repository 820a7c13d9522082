using System.Net.Http.Headers;
using System.Text;
using Tft.Adapters.Seeding.Targets;
using Tft.Tests.Infrastructure;

namespace Tft.Tests.Sources.Prometheus;

/// <summary>One request of Prometheus' remote write protocol, version 1: series with samples, in protobuf and snappy.</summary>
internal sealed class RemoteWrite
{
    /// <summary>Ends a series: from here on a query finds nothing, rather than the last value for five minutes more.</summary>
    public static readonly double Stale = BitConverter.UInt64BitsToDouble(0x7ff0000000000002);

    private readonly Dictionary<(string Metric, string Instance), ProtobufMessage> _series = [];

    /// <param name="metric">Its name.</param>
    /// <param name="instance">The label; empty: the series has none.</param>
    /// <param name="milliseconds">Unix time; of one series in rising order.</param>
    /// <param name="value">Or <see cref="Stale"/>.</param>
    public RemoteWrite Add(string metric, string instance, long milliseconds, double value)
    {
        if (!_series.TryGetValue((metric, instance), out var series))
        {
            _series.Add((metric, instance), series = new ProtobufMessage().Bytes(1, Label("__name__", metric)));
            if (instance.Length > 0)
                series.Bytes(1, Label("instance", instance));
        }

        series.Bytes(2, new ProtobufMessage().Fixed64(1, BitConverter.DoubleToUInt64Bits(value)).Varint(2, (ulong)milliseconds).ToArray());
        return this;
    }

    public async Task SendAsync(HttpClient http, string url)
    {
        var request = new ProtobufMessage();
        foreach (var series in _series.Values)
            request.Bytes(1, series.ToArray());
        using var content = new ByteArrayContent(SnappyBlock.Encode(request.ToArray()));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/x-protobuf");
        content.Headers.ContentEncoding.Add("snappy");
        content.Headers.Add("X-Prometheus-Remote-Write-Version", "0.1.0");
        using var answer = await http.PostAsync(url + "/api/v1/write", content).DefaultTimeout();
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    private static byte[] Label(string name, string value) =>
        new ProtobufMessage().Bytes(1, Encoding.UTF8.GetBytes(name)).Bytes(2, Encoding.UTF8.GetBytes(value)).ToArray();
}
