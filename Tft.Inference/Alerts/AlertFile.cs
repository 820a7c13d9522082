using Tft.Inference.Hosting;

namespace Tft.Inference.Alerts;

/// <summary>Keeps the book in <c>alerts.json</c> of the data directory.</summary>
internal sealed class AlertFile(AlertBook book, string folder, TimeProvider time, ILogger<AlertFile> logger)
    : KeptFile<SavedAlerts>(Path.Combine(folder, Name), SavedAlertsJson.Default.SavedAlerts, TimeSpan.FromSeconds(5), time, logger)
{
    public const string Name = "alerts.json";

    protected override long Version => book.Version;

    protected override SavedAlerts State() => book.Save();

    protected override void Restore(SavedAlerts state) => book.Restore(state);
}
