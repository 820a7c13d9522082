using Tft.Contract.Messages;

namespace Tft.Inference.Alerts;

/// <summary>Where a book tells that an alert began or ended. Called under the book's lock: must be quick.</summary>
internal interface IAlertSink
{
    /// <param name="alert">Firing, or resolved after it had been announced as firing.</param>
    void Announce(AlertInfo alert);
}
