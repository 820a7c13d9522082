using System.Net.Http.Headers;
using System.Threading.Channels;
using Tft.Tests.Infrastructure;
using Tft.Tests.Otlp;

namespace Tft.Tests.Sources.Distributed.Stores;

/// <summary>
/// A collector that pushes OTLP to the service by itself: in order, from a queue, each request again and again until it is answered with 200.
/// </summary>
internal sealed class OtlpUnderTest : SourceUnderTest
{
    private const int RowsOfARequest = 1_000;

    private readonly Channel<byte[]> _queue = Channel.CreateUnbounded<byte[]>();
    private readonly CancellationTokenSource _stopping = new();
    private readonly HttpClient _http = new() { Timeout = Eventually.Timeout };
    private Task _pushing = Task.CompletedTask;
    private int _waiting;

    public override string Adapter => "otlp";

    public override bool HasAdapter => false;

    public override Task StartAsync() => Task.CompletedTask;

    public override Task StopAsync() => Task.CompletedTask;

    public override IEnumerable<(string Key, string Value)> Settings(int port) => [];

    public override void Connect(Uri service, string key)
    {
        _http.BaseAddress = service;
        _http.DefaultRequestHeaders.Add("X-API-Key", key);
        _http.DefaultRequestHeaders.Add("X-Tft-Source", Adapter);
        _pushing = PushAsync();
    }

    public override Task AllIsPushedAsync() => Eventually.True(() => Volatile.Read(ref _waiting) == 0, "every request is answered with 200");

    public override Task AddAsync(IReadOnlyList<Sample> rows)
    {
        foreach (var chunk in rows.Chunk(RowsOfARequest))
        {
            var request = new OtlpRequest();
            foreach (var row in chunk)
                Add(request, row);
            Enqueue(request);
        }

        return Task.CompletedTask;
    }

    /// <summary>Metrics that nobody knows, a host without a name, values that are none.</summary>
    public override Task<IReadOnlyList<Sample>> AddSurprisesAsync(IReadOnlyList<Sample> rows)
    {
        Sample[] read = [rows[0] with { Cpu = null }, rows[1] with { Mem = null }, rows[2]];
        var request = new OtlpRequest();
        foreach (var row in read)
            Add(request, row);
        request.Host(null).Gauge("system.uptime", OtlpRequest.At(TimeOf(rows[3]), 1))
            .Host(rows[3].Server).Gauge("something.new", OtlpRequest.At(TimeOf(rows[3]), 1)).Gauge("system.memory.utilization", OtlpRequest.At(TimeOf(rows[3]), double.NaN, "state", "used"));
        Enqueue(request);
        return Task.FromResult<IReadOnlyList<Sample>>(read);
    }

    public override async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _pushing;
        _stopping.Dispose();
        _http.Dispose();
    }

    private static DateTimeOffset TimeOf(Sample row) => DateTimeOffset.FromUnixTimeSeconds(row.Second);

    private static void Add(OtlpRequest request, Sample row)
    {
        request.Host(row.Server);
        if (row.Cpu is { } cpu)
            request.Gauge("system.cpu.utilization", OtlpRequest.At(TimeOf(row), cpu / 100, "state", "user"));
        if (row.Mem is { } mem)
            request.Gauge("system.memory.utilization", OtlpRequest.At(TimeOf(row), mem / 100, "state", "used"));
        if (row.CloseWait is { } wait)
            request.Gauge("system.network.connections", OtlpRequest.At(TimeOf(row), wait, "protocol", "tcp", "state", "CLOSE_WAIT"));
    }

    private void Enqueue(OtlpRequest request)
    {
        Interlocked.Increment(ref _waiting);
        _queue.Writer.TryWrite(request.Protobuf());
    }

    private async Task PushAsync()
    {
        try
        {
            await foreach (var body in _queue.Reader.ReadAllAsync(_stopping.Token))
            {
                while (!await TryPushAsync(body))
                    await Task.Delay(TimeSpan.FromMilliseconds(50), _stopping.Token);
                Interlocked.Decrement(ref _waiting);
            }
        }
        catch (OperationCanceledException)
        {
            // the test is over
        }
    }

    private async Task<bool> TryPushAsync(byte[] body)
    {
        try
        {
            using var content = new ByteArrayContent(body);
            content.Headers.ContentType = new MediaTypeHeaderValue("application/x-protobuf");
            using var answer = await _http.PostAsync("/v1/metrics", content, _stopping.Token);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
