using Tft.Forecasting.Network;
using Tft.Forecasting.Training;

namespace Tft.Tests.Forecasting.Training;

[Trait("Ring", "unit")]
public sealed class TftTrainerTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tft-training").FullName;

    private static readonly TrainingOptions s_options = new()
    {
        Seed = 7, BatchSize = 10, Steps = 40, LearningRate = 5e-3f, Beta2 = 0.99f, WeightDecay = 0.01f, WarmupSteps = 5, Schedule = LearningRateSchedule.Cosine,
        InputDropout = 0.1f, AverageDecay = 0.9f, ValidateEvery = 10, Threads = 2,
    };

    [Fact]
    public void Run_LearnableSource_LowersTheValidationLoss()
    {
        var initial = Initial();
        var validation = new SineSource(32, 1000);
        using var trainer = new TftTrainer(initial, s_options with { Steps = 500, LearningRate = 2e-2f, InputDropout = 0f }, new SineSource(500), validation);
        var before = trainer.Loss(initial, validation);

        var result = trainer.Run();

        Assert.True(result.Progress.ValidationLoss < 0.5 * before, $"{before} -> {result.Progress.ValidationLoss}");
        Assert.Equal(500 * 10, result.Progress.Windows);
        Assert.Equal(10, result.Progress.Epoch);
    }

    [Fact]
    public void Run_OneOrThreeThreads_GivesTheSameWeights()
    {
        Assert.Equal(Train(s_options with { Threads = 1 }), Train(s_options with { Threads = 3 }));
    }

    [Fact]
    public void Run_AnotherSeed_GivesOtherWeights()
    {
        Assert.NotEqual(Train(s_options), Train(s_options with { Seed = 8 }));
    }

    [Theory]
    [InlineData(LearningRateSchedule.Cosine, 0)]
    [InlineData(LearningRateSchedule.Plateau, 3)]
    public void Resume_AfterKill9_EqualsTheUninterruptedRun(LearningRateSchedule schedule, int patience)
    {
        var options = s_options with { Schedule = schedule, Patience = patience, ValidateEvery = 4, CheckpointPath = Path.Combine(_folder, schedule + ".safetensors"), CheckpointEvery = 7 };
        var whole = Train(options with { CheckpointPath = null });

        // a kill leaves the last checkpoint and nothing else: an exception out of the progress callback does the same
        using (var killed = new TftTrainer(Initial(), options, new SineSource(55), new SineSource(16, 1000)))
        {
            Assert.Throws<InvalidOperationException>(() => killed.Run(p => throw new InvalidOperationException("killed"), every: 17));
            Assert.True(killed.Step is > 0 and < 40);
        }

        if (!File.Exists(options.CheckpointPath))
        {
            using var early = new TftTrainer(Initial(), options, new SineSource(55), new SineSource(16, 1000));
            Assert.Throws<InvalidOperationException>(() => early.Run(p => _ = p.Step < 16 ? 0 : throw new InvalidOperationException("killed"), every: 17));
        }

        using var resumed = new TftTrainer(Initial(), options, new SineSource(55), new SineSource(16, 1000));
        Assert.True(resumed.Resume());
        Assert.True(resumed.Step > 0);
        Assert.Equal(whole, resumed.Run().Weights.Data);
    }

    [Fact]
    public void Resume_OtherOptions_SaysWhatDiffers()
    {
        var options = s_options with { CheckpointPath = Path.Combine(_folder, "other.safetensors") };
        Train(options);

        using var other = new TftTrainer(Initial(), options with { LearningRate = 1e-4f }, new SineSource(55), new SineSource(16, 1000));
        var error = Assert.Throws<InvalidDataException>(() => other.Resume());

        Assert.Contains("another options", error.Message, StringComparison.Ordinal);
        Assert.Contains("rate 0.0001", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Resume_TruncatedCheckpoint_IsRefused()
    {
        var path = Path.Combine(_folder, "cut.safetensors");
        Train(s_options with { CheckpointPath = path });
        using (var file = new FileStream(path, FileMode.Open))
        {
            file.SetLength(file.Length - 100);
        }

        using var trainer = new TftTrainer(Initial(), s_options with { CheckpointPath = path }, new SineSource(55), new SineSource(16, 1000));
        Assert.Throws<InvalidDataException>(() => trainer.Resume());
    }

    [Fact]
    public void Run_Cancelled_KeepsACheckpoint()
    {
        var path = Path.Combine(_folder, "cancelled.safetensors");
        using var cancel = new CancellationTokenSource();
        using var trainer = new TftTrainer(Initial(), s_options with { CheckpointPath = path, CheckpointEvery = 1000 }, new SineSource(55), new SineSource(16, 1000));

        Assert.ThrowsAny<OperationCanceledException>(() => trainer.Run(_ => cancel.Cancel(), every: 5, cancel.Token));

        Assert.True(File.Exists(path));
        Assert.Equal(5, trainer.Step);
    }

    [Fact]
    public void Run_ValidationNeverImproves_StopsAndKeepsTheBest()
    {
        var options = s_options with { Steps = 1000, ValidateEvery = 2, Patience = 3, LearningRate = 0.5f, WarmupSteps = 0, AverageDecay = 0f, Clip = 0f };
        using var trainer = new TftTrainer(Initial(), options, new SineSource(55), new SineSource(16, 1000));

        var result = trainer.Run();

        Assert.True(result.StoppedEarly);
        Assert.True(result.Progress.Step < 1000);
        Assert.Equal(result.Progress.BestValidationLoss, trainer.Loss(result.Weights, new SineSource(16, 1000)), 12);
    }

    [Fact]
    public void Constructor_WrongOptions_SaysEveryReason()
    {
        var error = Assert.Throws<ArgumentException>(() => new TftTrainer(Initial(), new TrainingOptions { BatchSize = 0, Patience = 1 }, new SineSource(0)));

        Assert.Contains("batch size 0", error.Message, StringComparison.Ordinal);
        Assert.Contains("need ValidateEvery", error.Message, StringComparison.Ordinal);
        Assert.Contains("no windows", error.Message, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static TftWeights Initial()
    {
        var weights = new TftWeights(SineSource.Config);
        weights.Initialize(3);
        return weights;
    }

    private static float[] Train(TrainingOptions options)
    {
        using var trainer = new TftTrainer(Initial(), options, new SineSource(55), new SineSource(16, 1000));
        return trainer.Run().Weights.Data;
    }
}
