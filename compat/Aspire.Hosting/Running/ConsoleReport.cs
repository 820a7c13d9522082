using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.ResourcePage;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Running;

/// <summary>Prints the table of resources when all have settled, or after a while as they are; then each change.</summary>
internal sealed class ConsoleReport(
    DistributedApplicationModel model, ResourceNotificationService notifications, ResourcePageServer page, IHostApplicationLifetime lifetime)
    : BackgroundService
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);
    private readonly Lock _gate = new();
    private readonly Dictionary<string, string> _printed = [];
    private bool _tablePrinted;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // what happens while all is being stopped is no news
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, lifetime.ApplicationStopping);
        var late = PrintTableLateAsync(ending.Token);
        try
        {
            await foreach (var change in notifications.WatchAsync(ending.Token))
                Report(change);
        }
        catch (OperationCanceledException)
        {
            // the application stops
        }

        await late;
    }

    private async Task PrintTableLateAsync(CancellationToken ending)
    {
        await Task.Delay(Patience, ending).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!ending.IsCancellationRequested)
            PrintTableOnce();
    }

    private void Report(ResourceEvent change)
    {
        if (!ResourceRow.IsShown(change.Resource))
            return;
        lock (_gate)
        {
            var row = ResourceRow.Of(change);
            if (_tablePrinted && _printed.GetValueOrDefault(change.ResourceId) != row.Status)
                Console.WriteLine($"  {row.Name}: {row.Status}");
            _printed[change.ResourceId] = row.Status;
        }

        if (AllSettled())
            PrintTableOnce();
    }

    private bool AllSettled() => model.Resources.Where(ResourceRow.IsShown).All(resource =>
    {
        var states = notifications.StatesOf(resource.Name).ToList();
        return states.Count > 0 && states.All(state => ResourceRow.Of(state).IsSettled);
    });

    private void PrintTableOnce()
    {
        lock (_gate)
        {
            if (_tablePrinted)
                return;
            _tablePrinted = true;
            var rows = model.Resources.Where(ResourceRow.IsShown).SelectMany(resource => notifications.StatesOf(resource.Name)).Select(ResourceRow.Of).ToList();
            Console.WriteLine();
            Console.Write(ResourceRow.Table(rows));
            if (page.Url is { } url)
                Console.WriteLine($"{Environment.NewLine}States, logs, start and stop: {url}    Ctrl-C stops everything.");
            Console.WriteLine();
        }
    }
}
