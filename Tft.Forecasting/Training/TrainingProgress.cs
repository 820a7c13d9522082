namespace Tft.Forecasting.Training;

/// <summary>Where training stands.</summary>
/// <param name="Step">Steps done.</param>
/// <param name="Steps">Steps in all.</param>
/// <param name="Epoch">Passes over the source that are complete.</param>
/// <param name="Windows">Windows seen.</param>
/// <param name="WindowsPerSecond">Since this run started.</param>
/// <param name="Remaining">Time to the last step at this rate.</param>
/// <param name="Loss">Training loss, a running mean over some hundred steps.</param>
/// <param name="LearningRate">Of the last step.</param>
/// <param name="ValidationLoss">Of the last validation; NaN before the first.</param>
/// <param name="BestValidationLoss">The lowest so far; NaN before the first.</param>
public sealed record TrainingProgress(
    int Step, int Steps, long Epoch, long Windows, double WindowsPerSecond, TimeSpan Remaining, double Loss, double LearningRate, double ValidationLoss, double BestValidationLoss);

/// <summary>What came of a training.</summary>
/// <param name="Weights">The weights to forecast with: the best by validation where patience was set, else the last; averaged where that was asked for.</param>
/// <param name="Progress">Where training stood at its end.</param>
/// <param name="StoppedEarly">Whether validation ended it.</param>
public sealed record TrainingResult(Network.TftWeights Weights, TrainingProgress Progress, bool StoppedEarly);
