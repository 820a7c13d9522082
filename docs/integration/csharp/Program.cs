// Forwards metrics to Tft. .NET 10, no packages.
//
//   dotnet run                  this machine's metrics, every TFT_INTERVAL seconds
//   dotnet run -- --once        one reading, then ends
//   dotnet run -- -             records from standard input, one JSON object a line
//
// Settings are environment variables; docs/integration.md lists them.
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Channels;

var key = Setting("TFT_API_KEY", "");
if (key == "")
{
    Console.Error.WriteLine("TFT_API_KEY is not set.");
    return 1;
}

var batchSize = int.Parse(Setting("TFT_BATCH", "500"), CultureInfo.InvariantCulture);
var interval = TimeSpan.FromSeconds(double.Parse(Setting("TFT_INTERVAL", "5"), CultureInfo.InvariantCulture));
var spool = new Spool(Setting("TFT_SPOOL", "tft-spool"), int.Parse(Setting("TFT_SPOOL_MAX", "1000"), CultureInfo.InvariantCulture));
var url = new Uri(Setting("TFT_URL", "http://localhost:8000").TrimEnd('/') + "/feed");
using var sender = new Sender(spool, url, key, Setting("TFT_SOURCE", "forward-" + Environment.MachineName));
try
{
    await (args is ["-"] ? ForwardLinesAsync() : ForwardMachineAsync(args.Contains("--once")));
    return 0;
}
catch (InvalidOperationException e)
{
    Console.Error.WriteLine(e.Message);
    return 1;
}

async Task ForwardMachineAsync(bool once)
{
    var machine = new Machine();
    var nextAt = DateTime.UtcNow + (once ? TimeSpan.FromSeconds(1) : interval);
    while (nextAt < DateTime.MaxValue || spool.Count > 0)
    {
        await PauseUntilAsync(sender.RetryAt != default && sender.RetryAt < nextAt ? sender.RetryAt : nextAt);
        if (DateTime.UtcNow >= nextAt)
        {
            spool.Keep([machine.Read()]);
            nextAt = once ? DateTime.MaxValue : Later(nextAt + interval, DateTime.UtcNow);
        }

        if (DateTime.UtcNow >= sender.RetryAt)
            await sender.DrainAsync();
    }
}

async Task ForwardLinesAsync()
{
    // Bounded, and not read while the spool is full: a pipe can wait, so nothing of it is dropped.
    var lines = Channel.CreateBounded<JsonObject>(batchSize);
    _ = Task.Run(() => ReadLinesAsync(lines.Writer));
    while (!lines.Reader.Completion.IsCompleted || spool.Count > 0)
    {
        var room = !spool.IsFull;
        JsonArray batch = [];
        using var patience = new CancellationTokenSource(interval < TimeSpan.FromSeconds(1) ? interval : TimeSpan.FromSeconds(1));
        try
        {
            while (room && batch.Count < batchSize && await lines.Reader.WaitToReadAsync(patience.Token))
            {
                while (batch.Count < batchSize && lines.Reader.TryRead(out var record))
                    batch.Add(record);
            }
        }
        catch (OperationCanceledException)
        {
            // What came so far goes out.
        }

        if (batch.Count > 0)
            spool.Keep(batch);
        if (DateTime.UtcNow >= sender.RetryAt)
            await sender.DrainAsync();
        else if (!room || lines.Reader.Completion.IsCompleted)
            await PauseUntilAsync(sender.RetryAt);
    }
}

static async Task ReadLinesAsync(ChannelWriter<JsonObject> lines)
{
    while (await Console.In.ReadLineAsync() is { } line)
    {
        if (string.IsNullOrWhiteSpace(line))
            continue;
        try
        {
            await lines.WriteAsync(JsonNode.Parse(line) as JsonObject ?? throw new JsonException("not an object"));
        }
        catch (JsonException e)
        {
            Console.Error.WriteLine($"not a record ({e.Message}): {line[..Math.Min(line.Length, 80)]}");
        }
    }

    lines.Complete();
}

static async Task PauseUntilAsync(DateTime time)
{
    var pause = time - DateTime.UtcNow;
    if (pause > TimeSpan.Zero)
        await Task.Delay(pause);
}

static DateTime Later(DateTime a, DateTime b) => a > b ? a : b;

static string Setting(string name, string otherwise) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? text : otherwise;
