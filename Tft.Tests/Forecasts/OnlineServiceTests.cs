using System.Runtime.InteropServices;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Tft.Contract.Messages;
using Tft.Contract.Metrics;
using Tft.Contract.Time;
using Tft.Forecasting.Models;
using Tft.Inference.Forecasts;
using Tft.Inference.Forecasts.Online;
using Tft.Inference.Journal;
using Tft.Tests.Infrastructure;
using Tft.Tests.Models;
using Tft.Tests.Serving;

namespace Tft.Tests.Forecasts;

/// <summary>The service keeps its promise by itself: bands follow what comes, and a network that loses is not served.</summary>
[Trait("Ring", "service")]
public sealed class OnlineServiceTests : IDisposable
{
    private const string Model = "tft_model_20260101_000000";
    private readonly TempFolder _models = new();
    private readonly Random _random = new(5);
    private InferenceFixture _service = null!;
    private HttpClient _client = null!;

    [Fact]
    public void Bands_ADistributionThatWidens_AreBackWithinADay()
    {
        Start(TinyModel.Make());
        var server = Add(spread: 1);
        Run(server, 36, () => Noise(1));
        var followed = _service.Services.GetRequiredService<OnlineBook>().Find(server, "server")!;
        var before = Width();

        var first = Coverage(server, 3, () => Noise(3));
        Run(server, 21, () => Noise(3));
        var next = Coverage(server, 12, () => Noise(3));
        Assert.InRange(first, 0, 0.6);
        Assert.InRange(next, 0.72, 0.92);
        Assert.True(Width() > 2 * before, $"{before} {Width()}");

        float Width()
        {
            var forecasts = _service.Snapshots.Current.Blocks[0].Forecasts;
            return forecasts.Get(server, Metric.CpuUser, 2, 5) - forecasts.Get(server, Metric.CpuUser, 0, 5);
        }
    }

    [Fact]
    public async Task Trust_PoisonedNetworks_TheBaseIsServedAndSaidAndBackWhenTheyHeal()
    {
        // a network that shifts every forecast by several bands
        Start(Poisoned());
        var server = Add(spread: 1);
        Assert.Equal("TFT", (await ForecastAsync()).ModelType);
        Run(server, 24, () => Noise(1));
        var answer = await ForecastAsync();
        Assert.Equal(("fallback", "fallback_better"), (answer.ModelType, answer.FallbackReason));
        Assert.Equal(["cpu_user_pct"], answer.FallbackMetrics);
        Assert.Equal(("fallback", 0), (answer.Predictions["cpu_user_pct"].ModelType, answer.Predictions["cpu_user_pct"].Trust));
        Assert.Null(answer.Predictions["uptime_days"].Trust);
        Assert.InRange(answer.Predictions["cpu_user_pct"].P50[5], 38, 42);
        var status = JsonSerializer.Deserialize(await _client.GetStringAsync("/status"), ContractJson.Default.StatusResponse)!;
        Assert.Equal((1, 1), (status.Snapshot.FallbackBetterServers, status.Snapshot.FallbackBetterSeries));

        // another model: its networks are believed until they lose
        TinyModel.Save(_models.Path, "tft_model_20260102_000000", TinyModel.Make());
        _service.Services.GetRequiredService<Inference.Models.ModelStore>().TakeNewer();
        _service.Runner.Sweep(default);
        answer = await ForecastAsync();
        Assert.Equal(("TFT", null), (answer.ModelType, answer.FallbackReason));
        Assert.Empty(answer.FallbackMetrics!);
        Assert.Equal(1, answer.Predictions["cpu_user_pct"].Trust);
    }

    [Fact]
    public async Task Sparse_WindowWithHoles_IsForecastByTheBase()
    {
        Start(TinyModel.Make());
        var server = _service.Windows.Add("server", 288, _service.LastStep, i => i % 3 == 0 ? MetricValues.Missing : Row(Noise(1)));
        _service.Runner.RunChanged(default);
        var answer = await ForecastAsync();
        Assert.Equal(("fallback", "sparse_window"), (answer.ModelType, answer.FallbackReason));
        Assert.Equal("fallback", answer.Predictions["cpu_user_pct"].ModelType);
        Assert.True(_service.Services.GetRequiredService<OnlineBook>().Find(server, "server")!.Recipe.Has(Metric.CpuUser));
    }

    [Fact]
    public async Task Failure_NetworksThatGiveNoNumber_TheBaseForecastsAndItIsSaid()
    {
        var model = TinyModel.Make();
        foreach (var network in model.Networks)
        {
            // finite, so that the folder is valid; what they sum up to is not
            network["head.weight"].Fill(float.MaxValue);
            TinyModel.Shift(network, float.MaxValue);
        }

        Start(model);
        var server = Add(spread: 1);
        var answer = await ForecastAsync();
        Assert.Equal(("fallback", "engine_failed"), (answer.ModelType, answer.FallbackReason));
        Assert.InRange(answer.Predictions["cpu_user_pct"].P50[5], 38, 42);
        Assert.True(_service.Services.GetRequiredService<OnlineBook>().Find(server, "server")!.Recipe.Has(Metric.CpuUser));
    }

    [Fact]
    public void Restart_WhatWasLearned_GoesOn()
    {
        Start(Poisoned());
        var server = Add(spread: 1);
        Run(server, 24, () => Noise(1));
        var book = _service.Services.GetRequiredService<OnlineBook>();
        var learned = book.Find(server, "server")!;
        using var folder = new TempFolder();
        using (var file = File(book, folder))
            file.SaveIfChanged();

        var fresh = NewBook();
        using (var file = File(fresh, folder))
            file.Load();
        fresh.Use(Model);
        var values = new float[ForecastShape.WindowValues];
        var again = fresh.Begin(3, "server", new(_service.LastStep, 288, 288), values)!;
        Assert.True(again.Rejected.Has(Metric.CpuUser));
        for (var i = 0; i < KeptServer.ScaleCount; i++)
            Assert.Equal(learned.Scales.LogScales[i], again.Scales.LogScales[i], 2e-3f);

        // with other networks the scales stay, the verdict does not
        var other = NewBook();
        using (var file = File(other, folder))
            file.Load();
        other.Use("tft_model_20260102_000000");
        again = other.Begin(3, "server", new(_service.LastStep, 288, 288), values)!;
        Assert.Equal(default, again.Rejected);
        Assert.Contains(again.Scales.LogScales.ToArray(), s => s != 0);
    }

    /// <summary>A file of the version that did not follow yesterday's value: scales and trust go on, that begins anew.</summary>
    [Fact]
    public void Restart_AnOlderFile_IsRead()
    {
        Start(TinyModel.Make());
        using var folder = new TempFolder();
        var memory = new MemoryStream();
        using (var writer = new BinaryWriter(memory))
        {
            writer.Write(0x3130_4E4C_4E4F_5446UL);
            writer.Write(Model);
            writer.Write(1);
            writer.Write("server");
            writer.Write(TimeGrid.StepOf(TimeProvider.System.GetUtcNow()));
            writer.Write(1 << (int)Metric.CpuUser);
            writer.Write(MemoryMarshal.AsBytes(Enumerable.Repeat((Half)0.5, KeptServer.ScaleCount).ToArray().AsSpan()));
            writer.Write(true);
            var trust = new float[KeptServer.TrustCount];
            writer.Write(MemoryMarshal.AsBytes(trust.AsSpan()));
            writer.Flush();
            writer.Write(Crc32C.Compute(memory.ToArray()));
        }

        System.IO.File.WriteAllBytes(Path.Combine(folder.Path, OnlineFile.Name), memory.ToArray());
        var book = NewBook();
        using (var file = File(book, folder))
            file.Load();
        book.Use(Model);
        var server = book.Begin(3, "server", new(1_000_000, 288, 288), new float[ForecastShape.WindowValues])!;
        Assert.Equal((true, 1, 0.5f), (server.Trust.Rejects((int)Metric.CpuUser), server.OverYesterday.Of((int)Metric.CpuUser), server.Scales.LogScales[0]));
    }

    [Fact]
    public void Restart_ADamagedFile_IsSetAsideAndBegunAnew()
    {
        Start(TinyModel.Make());
        var server = Add(spread: 1);
        Run(server, 12, () => Noise(1));
        using var folder = new TempFolder();
        var path = Path.Combine(folder.Path, OnlineFile.Name);
        using (var file = File(_service.Services.GetRequiredService<OnlineBook>(), folder))
            file.SaveIfChanged();
        var whole = System.IO.File.ReadAllBytes(path);
        byte[][] damaged = [Flipped(whole, 0), Flipped(whole, 40), Flipped(whole, whole.Length - 1), whole[..(whole.Length / 2)], []];
        foreach (var bytes in damaged)
        {
            System.IO.File.Delete(path + ".broken");
            System.IO.File.WriteAllBytes(path, bytes);
            var fresh = NewBook();
            using (var file = File(fresh, folder))
                file.Load();
            Assert.Empty(fresh.Save());
            Assert.True(System.IO.File.Exists(path + ".broken"));
        }
    }

    public void Dispose()
    {
        _client?.Dispose();
        _service?.Dispose();
        _models.Dispose();
    }

    private static byte[] Flipped(byte[] bytes, int at)
    {
        var copy = bytes.ToArray();
        copy[at] ^= 0xFF;
        return copy;
    }

    private static ForecastModel Poisoned()
    {
        var model = TinyModel.Make();
        foreach (var network in model.Networks)
            TinyModel.Shift(network, 6);
        return model;
    }

    private OnlineBook NewBook() => new(Microsoft.Extensions.Options.Options.Create(new OnlineOptions()), _service.Services.GetRequiredService<OnlineTelemetry>());

    private OnlineFile File(OnlineBook book, TempFolder folder) =>
        new(book, folder.Path, _service.Clock, Microsoft.Extensions.Logging.Abstractions.NullLogger<OnlineFile>.Instance);

    private void Start(ForecastModel model)
    {
        TinyModel.Save(_models.Path, Model, model);
        _service = new InferenceFixture(models: _models.Path);
        _client = _service.Client();
    }

    private int Add(double spread)
    {
        var server = _service.Windows.Add("server", 288, _service.LastStep, _ => Row(Noise(spread)));
        _service.Runner.RunChanged(default);
        return server;
    }

    /// <summary>Closes buckets for so many hours.</summary>
    private void Run(int server, int hours, Func<float> next)
    {
        for (var i = 0; i < hours * 12; i++)
        {
            _service.Clock.Advance(TimeSpan.FromMinutes(5));
            _service.Windows.Close(server, Row(next()));
            _service.Runner.RunChanged(default);
        }
    }

    /// <summary>The same, and which share of the values lay in the band published for them half an hour before.</summary>
    private double Coverage(int server, int hours, Func<float> next)
    {
        var (covered, count) = (0, 0);
        var bands = new Queue<(float Low, float High)>();
        Run(server, hours, () =>
        {
            var forecasts = _service.Snapshots.Current.Blocks[0].Forecasts;
            bands.Enqueue((forecasts.Get(server, Metric.CpuUser, 0, 5), forecasts.Get(server, Metric.CpuUser, 2, 5)));
            var value = next();
            if (bands.Count == 6)
            {
                var (low, high) = bands.Dequeue();
                covered += value >= low && value <= high ? 1 : 0;
                count++;
            }

            return value;
        });
        return (double)covered / count;
    }

    private float Noise(double spread) =>
        40 + (float)(spread * Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble())) * Math.Cos(2 * Math.PI * _random.NextDouble()));

    /// <summary>One metric moves; nothing can be learned of the others.</summary>
    private static MetricValues Row(float cpu) => Rows.Calm(0).With(Metric.CpuUser, cpu).With(Metric.CpuIdle, 73).With(Metric.MemUsed, 60);

    private async Task<ServerForecast> ForecastAsync() =>
        JsonSerializer.Deserialize(await _client.GetStringAsync("/predict/server"), ContractJson.Default.ServerForecast)!;
}
