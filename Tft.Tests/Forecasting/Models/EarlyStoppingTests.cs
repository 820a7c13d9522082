using Tft.Forecasting.Data;
using Tft.Forecasting.Models;
using Tft.Tests.Forecasting.Data;

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
