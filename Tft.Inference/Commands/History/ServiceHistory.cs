using System.Globalization;
using Tft.Forecasting.Data;
using Tft.Forecasting.Recipe;
using Tft.Inference.Commands.Parquet;
using Tft.ServiceDefaults.Keys;

namespace Tft.Inference.Commands.History;

/// <summary>
/// Training data out of a running service (<c>--data http://host:8000</c>). What was fetched stays beside the checkpoints until the training has ended, so that one that was
/// stopped goes on with the data that it began with.
/// </summary>
internal static class ServiceHistory
{
    /// <summary>Whether DATA names a service.</summary>
    public static bool Is(string data) => Uri.TryCreate(data, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https";

    /// <summary>For file names and training_info.json: host and port.</summary>
    public static string Name(string data) => new Uri(data).Authority;

    /// <summary>The series of the service's servers.</summary>
    /// <param name="data">Address of the service.</param>
    /// <param name="folder">The folder of the checkpoints.</param>
    /// <param name="need">How much is needed.</param>
    /// <param name="fit">Share of the time that is fitted on.</param>
    /// <param name="servers">Only these, or null.</param>
    /// <param name="text">Told what is read.</param>
    /// <param name="cancellation">Stops fetching.</param>
    /// <exception cref="InvalidDataException">It can't be fetched, or there are too few days; the text says how many are needed.</exception>
    public static IReadOnlyList<ServerSeries> Read(
        string data, DirectoryInfo folder, HistoryNeed need, double fit, IReadOnlyCollection<string>? servers, TextWriter text, CancellationToken cancellation)
    {
        var service = new Uri(data.EndsWith('/') ? data : data + "/");
        if (service.UserInfo.Length > 0)
            throw new InvalidDataException($"--data must not hold a key or a password: other users see the arguments of a command. Set {ApiKeyLocator.Variable} instead.");
        var path = Path.Combine(folder.FullName, ParquetSeries.FleetTable);
        if (File.Exists(path) && folder.EnumerateFiles("network*").Any())
        {
            text.WriteLine(string.Create(CultureInfo.InvariantCulture, $"goes on with the history that was fetched at {File.GetLastWriteTimeUtc(path):yyyy-MM-dd HH:mm:ss} UTC"));
        }
        else
        {
            var key = new ApiKeyLocator(new ConfigurationBuilder().AddEnvironmentVariables().Build(), Directory.GetCurrentDirectory()).Find();
            using var client = new HttpClient { BaseAddress = service, Timeout = Timeout.InfiniteTimeSpan };
            new HistoryDownload(client, key, TimeProvider.System).FetchAsync(path, cancellation).GetAwaiter().GetResult();
        }

        try
        {
            need.Check(path, service.ToString());
            return SeriesFolder.Read(path, fit, servers);
        }
        catch (InvalidDataException)
        {
            File.Delete(path);
            throw;
        }
    }
}

/// <summary>How many days of history a training needs.</summary>
/// <param name="FitDays">Days to fit on.</param>
/// <param name="ValidationDays">Days that stop it early, after those.</param>
/// <param name="Fit">Share of the time that both take; the rest tests.</param>
internal sealed record HistoryNeed(int FitDays, int ValidationDays, double Fit)
{
    private const int NewcomerDays = 2;

    /// <summary>Days in all, at least so many that eight hours are left to test on.</summary>
    public int Days => (int)Math.Ceiling(Math.Max((FitDays + ValidationDays) / Fit, FitDays + ValidationDays + (Fit < 1 ? 0.5 : 0)));

    /// <summary>Of a training.</summary>
    /// <param name="newcomerShare">1: every window is seen as a newcomer's, so tables of several days are not needed.</param>
    /// <param name="validationDays">Days that stop it early.</param>
    /// <param name="fit">Share of the time that is fitted on.</param>
    public static HistoryNeed Of(double newcomerShare, int validationDays, double fit) => new(newcomerShare >= 1 ? NewcomerDays : RecipeFit.FewestDays, validationDays, fit);

    /// <exception cref="InvalidDataException">No server was measured for so long.</exception>
    public void Check(string path, string service)
    {
        using var file = new ParquetFile(path);
        var (name, steps) = file.Query($"SELECT CAST(server_name AS VARCHAR), count(*) FROM {file.Table} GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 1", row => (row.GetString(0), row.GetInt64(1))).FirstOrDefault(("", 0L));
        if (steps >= (long)Days * Protocol.Day)
            return;
        throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture,
            $"{service} has {(steps == 0 ? "no history" : $"{(double)steps / Protocol.Day:F1} days of history ({name}, of which it has most)")}; training needs {Days}: {FitDays} to fit on{(ValidationDays > 0 ? $", {ValidationDays} to stop early on" : "")}, and {1 - Fit:P0} of the time to test on. Train again when there is more, or on files."));
    }
}
