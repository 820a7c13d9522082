using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Tft.Contract.Messages;
using Tft.Contract.Time;
using Tft.Inference.Training;
using Tft.Tests.Infrastructure;

namespace Tft.Tests.Training;

/// <summary>How soon one training may follow another, and what is known of them after a restart.</summary>
[Trait("Ring", "unit")]
public sealed class TrainingLimitsTests : IDisposable
{
    private static readonly DateTimeOffset s_noon = DateTimeOffset.Parse("2026-03-02T12:00:00Z");

    private readonly TempFolder _folder = new();

    [Theory]
    [InlineData(null, new double[] { }, null)]
    [InlineData(null, new double[] { 7 }, null)]
    [InlineData(null, new double[] { 2 }, 4.0)]
    [InlineData(null, new double[] { 7, 30, 60 }, 168.0 - 60)]
    [InlineData(null, new double[] { 7, 30, 169 }, null)]
    [InlineData(null, new double[] { 1, 30, 160, 161 }, 8.0)]
    [InlineData("9-17", new double[] { }, null)]
    [InlineData("9-12", new double[] { }, 21.0)]
    [InlineData("22-6", new double[] { }, 10.0)]
    [InlineData("22-6", new double[] { 2 }, 10.0)]
    [InlineData("14-18", new double[] { 2 }, 4.0)]
    [InlineData("14-15", new double[] { 2 }, 26.0)]
    public void Wait_TrainingsBefore_IsAsLongAsTheLimitsSay(string? quiet, double[] hoursAgo, double? hours)
    {
        var limits = Read(("Tft:TrainingQuietHours", quiet));

        var wait = limits.Wait(s_noon, hoursAgo.Select(h => s_noon.AddHours(-h)));

        Assert.Equal(hours, wait is { } found ? (found.At - s_noon).TotalHours : null);
    }

    [Fact]
    public void Wait_SeveralReasons_NamesThemAll()
    {
        var why = Read(("Tft:TrainingQuietHours", "22-6")).Wait(s_noon, [s_noon.AddHours(-1), s_noon.AddDays(-1), s_noon.AddDays(-2)])!.Value.Why;
        foreach (var key in (string[])["Tft:TrainingGapHours", "Tft:TrainingsPerWeek", "Tft:TrainingQuietHours"])
            Assert.Contains(key, why, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_WrongSettings_NamesThemAll()
    {
        var error = Assert.Throws<OptionsValidationException>(() => Read(("Tft:TrainingGapHours", "-1"), ("Tft:TrainingsPerWeek", "0"), ("Tft:TrainingQuietHours", "22")));
        Assert.Equal(3, error.Failures.Count());
    }

    [Fact]
    public void Load_AfterTheServiceWasKilled_SaysThatTheRunningOneEndedWithIt()
    {
        var log = new TrainingLog(_folder.File("trainings.json"), NullLogger.Instance);
        var ended = new TrainingJobResponse { Job = "a", State = "succeeded", Data = "history", Started = s_noon.AddHours(-9), Ended = s_noon.AddHours(-8), Model = "m", Promoted = true };
        log.Save([new() { Job = "b", State = "training", Data = "history", Started = s_noon.AddHours(-1) }, ended]);

        var kept = log.Load(s_noon);

        Assert.Equal(("b", "failed", s_noon), (kept[0].Job, kept[0].State, kept[0].Ended));
        Assert.Equal(ended, kept[1]);
    }

    [Fact]
    public void Load_ADamagedFile_IsSetAside()
    {
        File.WriteAllText(_folder.File("trainings.json"), "{\"jobs\":[{");
        Assert.Empty(new TrainingLog(_folder.File("trainings.json"), NullLogger.Instance).Load(s_noon));
        Assert.True(File.Exists(_folder.File("trainings.json.unreadable")));
    }

    public void Dispose() => _folder.Dispose();

    private static TrainingLimits Read(params (string Key, string? Value)[] settings) => TrainingLimits.Read(
        new ConfigurationBuilder().AddInMemoryCollection(settings.Select(s => KeyValuePair.Create(s.Key, s.Value))).Build(), FleetCalendar.Utc);
}
