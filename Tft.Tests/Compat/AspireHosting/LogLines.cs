using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;
using Tft.Tests.Infrastructure;

namespace Tft.Tests.Compat.AspireHosting;

internal static class LogLines
{
    /// <summary>The console lines of a resource, without their times, up to the <paramref name="count"/>-th that fits.</summary>
    public static async Task<List<string>> LinesOf(this DistributedApplication app, string resource, Func<string, bool> until, int count = 1)
    {
        using var deadline = new CancellationTokenSource(Eventually.Timeout);
        List<string> lines = [];
        await foreach (var batch in app.Services.GetRequiredService<ResourceLoggerService>().WatchAsync(resource).WithCancellation(deadline.Token))
        {
            foreach (var line in batch)
            {
                lines.Add(line.Content[(line.Content.IndexOf(' ', StringComparison.Ordinal) + 1)..]);
                if (until(lines[^1]) && --count == 0)
                    return lines;
            }
        }

        return lines;
    }
}
