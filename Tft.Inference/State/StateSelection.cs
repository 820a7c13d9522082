using Tft.Inference.Models;

namespace Tft.Inference.State;

/// <summary>By which state a server is forecast, if by one: the same answer for the forecaster and for /explain.</summary>
internal sealed class StateSelection(StateBook book, StateOptions options)
{
    /// <summary>True where servers with enough history are forecast from it.</summary>
    public bool Uses(ServedModel model) => options.Use == StateUse.Weeks || (options.Use == StateUse.Auto && model.LearnedWithWeeks);

    /// <summary>A server's window is complete and ends with this step.</summary>
    public void See(int server, long lastStep) => book.See(server, lastStep);

    /// <summary>The state of a server, or null: then its window's day is all that is known.</summary>
    /// <param name="server">Number of the server.</param>
    /// <param name="model">The model that forecasts.</param>
    /// <param name="moving">The metrics of the window that a model can forecast, one bit each.</param>
    /// <param name="isWhole">True where so much was measured that a renewal sees the same metrics move.</param>
    public WeeksState? For(int server, ServedModel model, ushort moving, bool isWhole = false)
    {
        if (!Uses(model) || book.Find(server) is not { } state || state.Recipe != model.Recipe)
            return null;
        if ((moving & ~state.Metrics) == 0)
            return state;

        // a metric is new since the state was learned: it is to be learned with it
        if (isWhole)
            book.LookAgainAt(server, 0);
        return null;
    }
}
