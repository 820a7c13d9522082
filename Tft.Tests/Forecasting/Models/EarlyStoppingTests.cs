using Tft.Forecasting.Data;
using Tft.Forecasting.Models;
using Tft.Forecasting.Training;
using Tft.Tests.Forecasting.Data;
using Tft.Tests.Infrastructure;

namespace Tft.Tests.Forecasting.Models;

/// <summary>With validation days the lowest loss on them decides when a training ends.</summary>
[Trait("Ring", "component")]
public sealed class EarlyStoppingTests
{
    private static readonly ServerSeries[] s_servers = [SyntheticSeries.Create(21, metrics: 1, days: 8, fitDays: 7)];
    private static readonly ModelTrainingOptions s_options = new()
    {
        Networks = 1, Hidden = 4, Heads = 1, Steps = 200, Batch = 4, OriginStep = 24, LearningRate = 0.3f, ValidationDays = 2,
    };

    [Fact]
    public void Run_ARateFarTooHigh_StopsEarlyWithTheBestWeights()
    {
        var parts = ModelTraining.Run(s_servers, s_options);

        Assert.InRange(parts.Steps[0], 40, 195);
        Assert.Equal(0, parts.Steps[0] % 5);
        Assert.True(parts.ValidationLosses[0] > 0);
        Assert.Equal(ModelTraining.Run(s_servers, s_options with { Threads = 1 }).Networks[0].Data, parts.Networks[0].Data);
    }

    [Fact]
    public void Run_OtherValuesOnTheValidationDays_ChangeNothingButTheLossOnThem()
    {
        var other = s_servers[0] with { Values = [[.. s_servers[0].Values[0].Select((v, t) => t < 5 * Protocol.Day ? v : 2 * v)]] };
        var options = s_options with { Steps = 40, LearningRate = 1e-5f };

        var (parts, changed) = (ModelTraining.Run(s_servers, options), ModelTraining.Run([other], options));

        Assert.Equal(parts.Recipe.Pooled.Base, changed.Recipe.Pooled.Base);
        Assert.Equal(parts.Recipe.Newcomer.Quantiles, changed.Recipe.Newcomer.Quantiles);
        Assert.NotEqual(parts.ValidationLosses, changed.ValidationLosses);
    }

    [Fact]
    public void Run_PlateauResumedAfterTheRateFell_EqualsTheUninterruptedRun()
    {
        using var folder = new TempFolder();
        var options = s_options with { Schedule = LearningRateSchedule.Plateau, CheckpointEvery = 5 };
        var whole = ModelTraining.Run(s_servers, options);

        // what a kill leaves is the last checkpoint: here one from after the rate fell, which nothing but a plateau makes it do
        var kept = options with { Checkpoints = folder.Path };
        var (last, fell) = (0.0, 0);
        Assert.Throws<InvalidOperationException>(() => ModelTraining.Run(s_servers, kept, (_, p) =>
        {
            fell += p.LearningRate < last ? 1 : 0;
            last = p.LearningRate;
            if (fell > 0)
                throw new InvalidOperationException("killed");
        }));

        var from = 0;
        var resumed = ModelTraining.Run(s_servers, kept with { Threads = 1 }, resumed: (_, step) => from = step);
        Assert.InRange(from, 15, whole.Steps[0] - 1);
        Assert.Equal(whole.Networks[0].Data, resumed.Networks[0].Data);
        Assert.Equal(whole.Steps, resumed.Steps);
    }

    [Fact]
    public void Run_OtherDataUnderTheSameCheckpoints_IsRefusedAndSaysWhatToDo()
    {
        using var folder = new TempFolder();
        var options = s_options with { ValidationDays = 0, Steps = 20, CheckpointEvery = 5, Checkpoints = folder.Path };
        ModelTraining.Run(s_servers, options);
        float[] values = [.. s_servers[0].Values[0]];
        values[1000] += 0.01f;

        var error = Assert.Throws<InvalidDataException>(() => ModelTraining.Run([s_servers[0] with { Values = [values] }], options));

        Assert.Contains(SeriesHash.Of(s_servers), error.Message, StringComparison.Ordinal);
        Assert.Contains($"delete '{folder.Path}'", error.Message, StringComparison.Ordinal);
        Assert.Equal(20, ModelTraining.Run(s_servers, options).Steps[0]);
    }

    [Fact]
    public void Run_WithoutValidation_TakesAllSteps()
    {
        var parts = ModelTraining.Run(s_servers, s_options with { ValidationDays = 0, Steps = 20 });

        Assert.Equal([20], parts.Steps);
        Assert.Empty(parts.ValidationLosses);
    }

    [Fact]
    public void Run_MoreValidationDaysThanThereAre_SaysThatTooLittleIsLeft() =>
        Assert.Contains("to learn from", Assert.Throws<InvalidOperationException>(() => ModelTraining.Run(s_servers, s_options with { ValidationDays = 6 })).Message, StringComparison.Ordinal);
}
