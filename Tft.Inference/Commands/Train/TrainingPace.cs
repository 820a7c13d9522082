using Tft.Forecasting.Models;
using Tft.Forecasting.Recipe.Corrections;
using Tft.Forecasting.Training;

namespace Tft.Inference.Commands.Train;

/// <summary>How far a training of several networks is, and how long it still takes. Those for the next hour have a number of steps of their own, each a fraction of the others' work.</summary>
/// <param name="options">The training.</param>
internal sealed class TrainingPace(ModelTrainingOptions options)
{
    private double? _secondsPerStep, _secondsPerNearStep;

    /// <summary>Networks of the training.</summary>
    public int Networks => options.Networks + options.NearNetworks;

    /// <summary>Takes the progress of a network.</summary>
    /// <param name="network">Its number, from 0.</param>
    /// <param name="p">Where its training stands.</param>
    /// <returns>The share of all work that is done, 0 to 1; and the time that all of the rest takes, by the rates measured so far, or null before there is one.</returns>
    public (double Done, TimeSpan? Remaining) At(int network, TrainingProgress p)
    {
        var near = network >= options.Networks;
        if (p.WindowsPerSecond > 0)
        {
            var seconds = options.Batch / p.WindowsPerSecond;
            if (near)
                _secondsPerNearStep = seconds;
            else
                _secondsPerStep = seconds;
        }

        var left = near ? 0 : ((options.Networks - network) * (long)options.Steps) - p.Step;
        var nearLeft = (Math.Min(options.NearNetworks, Networks - network) * (long)options.NearSteps) - (near ? p.Step : 0);
        var all = Work(options.Networks * (long)options.Steps, options.NearNetworks * (long)options.NearSteps);
        return (1 - (Work(left, nearLeft) / all), Seconds(left, nearLeft) is { } rest ? TimeSpan.FromSeconds(Math.Min(1e9, rest)) : null);
    }

    private static double Work(long steps, long nearSteps) => steps + (nearSteps * NetworkShape.NearWork);

    private double? Seconds(long steps, long nearSteps)
    {
        var each = steps == 0 ? 0 : _secondsPerStep;
        var nearEach = nearSteps == 0 ? 0 : _secondsPerNearStep ?? (_secondsPerStep * NetworkShape.NearWork);
        return (steps * each) + (nearSteps * nearEach);
    }
}
