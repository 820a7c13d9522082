namespace Tft.Inference.Windows;

/// <summary>Takes steps that are about to leave a window. Called by the one writer of the windows: must be quick, must not throw, must not wait.</summary>
internal interface IPastSteps
{
    /// <summary>Steps that are handed over together: six hours.</summary>
    const int Steps = 72;

    /// <summary>Room for <see cref="Steps"/> rows of 14 values, or null where none is left: then these steps are lost, and counted.</summary>
    float[]? Room();

    /// <summary>Takes room back that was filled.</summary>
    /// <param name="server">Number of the server.</param>
    /// <param name="firstStep">Step of the first row.</param>
    /// <param name="rows">[72 x 14] from <see cref="Room"/>; NaN where not measured.</param>
    void Take(int server, int firstStep, float[] rows);
}
