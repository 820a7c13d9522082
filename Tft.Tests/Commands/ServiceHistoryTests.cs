using System.CommandLine;
using System.Net;
using System.Net.Http.Headers;
using DuckDB.NET.Data;
using Tft.Forecasting.Data;
using Tft.Inference.Commands;
using Tft.Inference.Commands.History;
using Tft.Inference.Commands.Train;
using Tft.Inference.Serving.History;
using Tft.ServiceDefaults.Keys;
using Tft.Tests.Infrastructure;
using Tft.Tests.Serving;

namespace Tft.Tests.Commands;

/// <summary>A running service's own history as training data.</summary>
[Trait("Ring", "service")]
public sealed class ServiceHistoryTests : IDisposable
{
    private readonly TempFolder _folder = new();

    [Fact]
    public async Task Fetch_ARunningService_GivesWhatItMeasured()
    {
        using var service = new InferenceFixture();
        service.Windows.Add("one", 288, service.LastStep, i => Rows.Calm(i));
        service.Runner.RunChanged(default);
        using var client = service.CreateClient();

        await Download(client, InferenceFixture.Key, service.Clock).FetchAsync(_folder.File("a.parquet"), default);

        var series = Assert.Single(SeriesFolder.Read(_folder.File("a.parquet"), 1, null));
        Assert.Equal(("one", 288, service.LastStep - 287), (series.Name, series.Steps, series.FirstStep));
        var few = Assert.Throws<InvalidDataException>(() => HistoryNeed.Of(0, 1, 0.7).Check(_folder.File("a.parquet"), client.BaseAddress!.ToString()));
        Assert.Contains("has 1.0 days of history (one, of which it has most); training needs 8: 4 to fit on, 1 to stop early on", few.Message, StringComparison.Ordinal);
        HistoryNeed.Of(1, 0, 1).Check(Table(3), client.BaseAddress!.ToString());
    }

    [Fact]
    public async Task Fetch_TheWrongKey_NamesThePlaceAndNotTheKey()
    {
        using var service = new InferenceFixture();
        using var client = service.CreateClient();
        var error = await Assert.ThrowsAsync<InvalidDataException>(() => Download(client, "tft_wrong_key", service.Clock).FetchAsync(_folder.File("a.parquet"), default));
        Assert.Contains("the key from a test is not one of its keys", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("tft_wrong_key", error.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public async Task Fetch_AnotherExportUnderWay_WaitsAsItWasAskedTo()
    {
        var bytes = await File.ReadAllBytesAsync(Table(1));
        using var handler = new FakeHttpHandler((_, n) =>
        {
            if (n == 0)
            {
                var busy = new HttpResponseMessage(HttpStatusCode.TooManyRequests);
                busy.Headers.RetryAfter = new RetryConditionHeaderValue(TimeSpan.Zero);
                return busy;
            }

            var content = new ByteArrayContent(bytes);
            content.Headers.ContentType = new MediaTypeHeaderValue(ParquetExport.ContentType);
            return new HttpResponseMessage(HttpStatusCode.OK) { Content = content };
        });
        using var client = new HttpClient(handler) { BaseAddress = new Uri("http://service/") };

        await Download(client, "k", TimeProvider.System).FetchAsync(_folder.File("a.parquet"), default);

        Assert.Equal(2, handler.Requests.Count);
        Assert.Contains("from=20", handler.Requests[1].Uri.Query, StringComparison.Ordinal);
        Assert.Equal(bytes, await File.ReadAllBytesAsync(_folder.File("a.parquet")));
    }

    [Fact]
    public void Read_AfterACheckpoint_GoesOnWithWhatWasFetchedBefore()
    {
        var kept = Directory.CreateDirectory(_folder.File("kept"));
        File.Move(Table(6), Path.Combine(kept.FullName, "server_metrics.parquet"));
        File.WriteAllText(Path.Combine(kept.FullName, "network0.safetensors"), "");
        var text = new StringWriter();

        // nobody listens there: fetching anew would fail
        var series = ServiceHistory.Read($"http://127.0.0.1:{Ports.Free()}", kept, HistoryNeed.Of(0, 0, 0.7), 0.7, null, text, default);

        Assert.Equal(6 * Protocol.Day, series[0].Steps);
        Assert.Contains("goes on with the history", text.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://127.0.0.1:9/", "cannot be fetched")]
    [InlineData("http://me:secret@127.0.0.1:9/", "must not hold a key")]
    public async Task Train_FromWhereThereIsNoService_SaysSo(string data, string reason)
    {
        var output = new StringWriter();
        var code = await TrainCommand.Create().Parse(["--data", data, "--out", _folder.File("model")]).InvokeAsync(new InvocationConfiguration { Output = output, Error = output }).DefaultTimeout();
        Assert.Equal(1, code);
        Assert.Contains(reason, output.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("secret", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Train_OnADeviceThatIsNotThere_SaysSo()
    {
        var output = new StringWriter();
        var code = await TrainCommand.Create().Parse(["--data", _folder.Path, "--out", _folder.File("model"), "--device", "cuda:99"]).InvokeAsync(new InvocationConfiguration { Output = output, Error = output }).DefaultTimeout();
        Assert.Equal(1, code);
        Assert.Contains("Tft:Device asks for cuda:99, but ", output.ToString(), StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private static HistoryDownload Download(HttpClient client, string key, TimeProvider time) => new(client, ApiKey.Create(key, "a test"), time);

    /// <summary>A table of one server and so many days.</summary>
    private string Table(int days)
    {
        var path = _folder.File("table.parquet");
        using var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = $"COPY (SELECT TIMESTAMP '2026-01-01' + INTERVAL 5 MINUTE * i AS timestamp, 'a' AS server_name, i::FLOAT AS cpu FROM range({days * Protocol.Day}) t(i)) TO '{path}' (FORMAT parquet)";
        command.ExecuteNonQuery();
        return path;
    }
}
