using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Tft.Contract.Metrics;
using Tft.Contract.Time;
using Tft.Forecasting.Models;
using Tft.Inference.Forecasts;
using Tft.Inference.Forecasts.Fallback;
using Tft.Inference.Forecasts.Online;
using Tft.Inference.Forecasts.Snapshots;
using Tft.Inference.Risk;
using Tft.Tests.Infrastructure;

namespace Tft.Tests.Forecasts;

/// <summary>Forecasts that wait for what comes go on waiting after a restart: what is learned is what would have been learned without one.</summary>
[Trait("Ring", "component")]
public sealed class WaitingFileTests : IDisposable
{
    private const string Model = "tft_model_20260101_000000";
    private const string Other = "tft_model_20260102_000000";
    private const int Number = 3;
    private const int FortyHours = 480, EightHours = 96;
    private const int Metrics = MetricCatalog.Count;
    private static readonly long s_first = TimeGrid.StepOf(new FakeTimeProvider().GetUtcNow());

    private readonly TempFolder _folder = new();
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly FakeTimeProvider _clock = new();

    [Fact]
    public void Restart_EightHoursLater_HasLearnedWhatItWouldHaveWithoutOne()
    {
        var (book, again) = Restarted(Model, EightHours);

        var (expected, actual) = (book.Find(Number, "server")!, again.Find(Number, "server")!);
        // kept in half precision
        for (var i = 0; i < KeptServer.ScaleCount; i++)
            Assert.Equal(expected.Scales.LogScales[i], actual.Scales.LogScales[i], 3e-3f);
        for (var i = 0; i < expected.Trust.State.Length; i++)
            Assert.Equal(expected.Trust.State[i], actual.Trust.State[i], 1e-4f * (1 + Math.Abs(expected.Trust.State[i])));
        Assert.Equal(expected.NetworksShare((int)Metric.CpuUser), actual.NetworksShare((int)Metric.CpuUser), 1e-4f);
    }

    [Fact]
    public void Restart_WithOtherNetworks_LearnsOnlyTheBandsFromWhatWaited()
    {
        var (book, again) = Restarted(Other, EightHours);

        var (expected, actual) = (book.Find(Number, "server")!, again.Find(Number, "server")!);
        for (var i = 0; i < KeptServer.ScaleCount; i++)
        {
            if (i % Metrics != (int)Metric.CpuUser)
                Assert.Equal(expected.Scales.LogScales[i], actual.Scales.LogScales[i], 3e-3f);
        }
    }

    /// <summary>Too soon for anything that was forecast after the restart to be judged.</summary>
    [Theory]
    [InlineData(Model, true)]
    [InlineData(Other, false)]
    public void Restart_AFewStepsLater_TheNetworksThatForecastAreJudgedByWhatWaited(string model, bool judged)
    {
        var trust = Restarted(model, 8).Restarted.Find(Number, "server")!.Trust.State.ToArray();
        var before = new float[trust.Length];
        if (judged)
            Restarted(model, 1).Restarted.Find(Number, "server")!.Trust.State.CopyTo(before);
        else
            new FollowedServer("new", 0).Trust.State.CopyTo(before);

        Assert.Equal(judged, !trust.SequenceEqual(before));
    }

    [Fact]
    public void Restart_WithoutTheFile_LearnsLess()
    {
        var book = Book(null);
        Run(book, 0, FortyHours, "server");
        Save(book);
        Run(book, FortyHours, FortyHours + 24, "server");
        var again = Book(null);
        Kept(again).Load();
        again.Use(Model);

        Run(again, FortyHours, FortyHours + 24, "server");

        Assert.Contains(Enumerable.Range(0, KeptServer.ScaleCount), i =>
            Math.Abs(book.Find(Number, "server")!.Scales.LogScales[i] - again.Find(Number, "server")!.Scales.LogScales[i]) > 0.01f);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(40)]
    [InlineData(3000)]
    public void Restart_ASlotThatWasCutOff_CostsItsServerAlone(int at)
    {
        var book = Book(null);
        Run(book, 0, 360, "one", "two");
        Save(book);
        var path = _folder.File(WaitingFile.Name);
        var bytes = File.ReadAllBytes(path);
        // the second slot is half old, half nothing
        bytes.AsSpan(WaitingFrame.SlotBytes + at, 512).Clear();
        File.WriteAllBytes(path, bytes);

        using var file = Opened();
        FollowedServer one = new("one", Number), two = new("two", Number + 1);
        file.Restore(one, Model);
        file.Restore(two, Model);

        Assert.Equal(book.Find(Number, "one")!.Hour, one.Hour);
        Assert.Equal(long.MinValue, two.Hour);
        // and its place is used again
        Assert.True(file.Save(book.Find(Number + 1, "two")!, Model));
        file.Restore(two, Model);
        Assert.Equal(book.Find(Number + 1, "two")!.Hour, two.Hour);
    }

    [Fact]
    public void Restart_AFileThatEndsInTheMiddle_KeepsWhatIsWhole()
    {
        var book = Book(null);
        Run(book, 0, 360, "one", "two");
        Save(book);
        var path = _folder.File(WaitingFile.Name);
        var bytes = File.ReadAllBytes(path);
        File.WriteAllBytes(path, bytes[..(WaitingFrame.SlotBytes + 600)]);

        using var file = Opened();
        FollowedServer one = new("one", Number), two = new("two", Number + 1);
        file.Restore(one, Model);
        file.Restore(two, Model);

        Assert.Equal((book.Find(Number, "one")!.Hour, long.MinValue), (one.Hour, two.Hour));
    }

    [Fact]
    public void Restore_AnotherTurnWithinTheHour_BeginsAnew()
    {
        var book = Book(null);
        Run(book, 0, 360, "server");
        Save(book);
        using var file = Opened();
        var moved = new FollowedServer("server", Number + 1);
        file.Restore(moved, Model);
        Assert.Equal(long.MinValue, moved.Hour);
    }

    [Fact]
    public void Save_WhileTheServerIsForecast_IsTriedAgain()
    {
        var book = Book(null);
        Run(book, 0, 36, "server");
        using var file = Opened();
        var server = book.Begin(Number, "server", new(s_first + 36, 288, 288), Window(36))!;
        Assert.False(file.Save(server, Model));
        book.End(server, Quantiles());
        Assert.True(file.Save(server, Model));
    }

    public void Dispose()
    {
        _services.Dispose();
        _folder.Dispose();
    }

    /// <summary>Forty hours and some steps more; and the same with a restart before these.</summary>
    private (OnlineBook Without, OnlineBook Restarted) Restarted(string model, int steps)
    {
        var book = Book(null);
        Run(book, 0, FortyHours, "server");
        Save(book);
        Run(book, FortyHours, FortyHours + steps, "server");
        using var file = Opened();
        var again = Book(file);
        Kept(again).Load();
        again.Use(model);
        Run(again, FortyHours, FortyHours + steps, "server");
        return (book, again);
    }

    private OnlineBook Book(WaitingFile? file)
    {
        var telemetry = new OnlineTelemetry(_services.GetRequiredService<IMeterFactory>(), new SnapshotStore(new FallbackForecaster(), new ProbabilityCalibration(), _clock));
        return new OnlineBook(Options.Create(new OnlineOptions()), telemetry, file);
    }

    private OnlineFile Kept(OnlineBook book) => new(book, _folder.Path, _clock, NullLogger<OnlineFile>.Instance);

    private WaitingFile Opened()
    {
        var file = new WaitingFile(_folder.Path, NullLogger<WaitingFile>.Instance);
        file.Open();
        return file;
    }

    private void Save(OnlineBook book)
    {
        Kept(book).SaveIfChanged();
        using var file = Opened();
        using var keeper = new WaitingKeeper(book, file, _clock);
        keeper.Save();
    }

    /// <summary>Forecasts of the steps from..to-1: of one metric by networks that are off, of the others by the rules.</summary>
    private static void Run(OnlineBook book, int from, int to, params string[] names)
    {
        if (book.Model is null)
            book.Use(Model);
        var series = new float[ForecastShape.Steps * ForecastShape.Quantiles];
        for (var step = from; step < to; step++)
        {
            for (var i = 0; i < names.Length; i++)
            {
                var server = book.Begin(Number + i, names[i], new(s_first + step, 288, 288), Window(step))!;
                var quantiles = Quantiles();
                var (networks, fallback) = (Series(3), Series(0));
                server.Serve(Metric.CpuUser, new RawForecast(networks, fallback, Enumerable.Repeat(50f, ForecastShape.Steps).ToArray(), 0, isNewcomer: true), hasNetworks: true, series);
                for (var lead = 0; lead < ForecastShape.Steps; lead++)
                    series.AsSpan(lead * ForecastShape.Quantiles, ForecastShape.Quantiles).CopyTo(quantiles.AsSpan(ForecastShape.At(lead, (int)Metric.CpuUser)));
                book.End(server, quantiles);
            }
        }
    }

    private static float Value(long step, int metric) => 50 + (4 * MathF.Sin((step * 0.37f) + metric));

    private static float[] Window(int step)
    {
        var values = new float[ForecastShape.WindowValues];
        for (var t = 0; t < 288; t++)
        {
            for (var m = 0; m < Metrics; m++)
                values[(t * Metrics) + m] = Value(step - 287 + t, m);
        }

        return values;
    }

    private static float[] Series(float off) =>
        [.. Enumerable.Range(0, ForecastShape.Steps).SelectMany(_ => (float[])[49 + off, 50 + off, 51 + off])];

    private static float[] Quantiles()
    {
        var quantiles = new float[ForecastShape.PerServer];
        for (var lead = 0; lead < ForecastShape.Steps; lead++)
        {
            for (var m = 0; m < Metrics; m++)
                (quantiles[ForecastShape.At(lead, m)], quantiles[ForecastShape.At(lead, m) + 1], quantiles[ForecastShape.At(lead, m) + 2]) = (49, 50, 51);
        }

        return quantiles;
    }
}
