using System.Globalization;
using Tft.Contract.Messages;
using Tft.Contract.Metrics;
using Tft.Forecasting.Models;
using Tft.Inference.Commands;
using Tft.Inference.Commands.History;
using Tft.Inference.Commands.Parquet;
using Tft.Inference.Commands.Train;
using Tft.Inference.Models;
using Tft.Inference.Serving.History;

namespace Tft.Inference.Training;

/// <summary>
/// Runs trainings, one at a time, as processes of their own. The model goes to the models' folder, where the rule of promotion decides whether hot reload takes it. A job's data and
/// checkpoints lie in a folder of its own, which goes when it ends; what a killed service left goes at the next start. Jobs end with the service; what became of them is kept.
/// </summary>
internal sealed partial class TrainingJobs : IAsyncDisposable
{
    private const int MostKept = 50;
    private readonly TrainingOptions _options;
    private readonly ModelOptions _models;
    private readonly ModelStore _store;
    private readonly MeasuredHistory _history;
    private readonly ParquetExport _export;
    private readonly TimeProvider _time;
    private readonly ILogger<TrainingJobs> _logger;
    private readonly Lock _gate = new();
    private readonly Lock _saving = new();
    private readonly TrainingLog _log;
    private readonly TrainingLimits _limits;
    private readonly List<TrainingJob> _jobs;

    public TrainingJobs(TrainingOptions options, TrainingLimits limits, ModelOptions models, ModelStore store, MeasuredHistory history, ParquetExport export, TimeProvider time, ILogger<TrainingJobs> logger)
    {
        (_options, _models, _store, _history, _export, _time, _logger) = (options, models, store, history, export, time, logger);
        if (Directory.Exists(options.WorkDirectory))
            Directory.Delete(options.WorkDirectory, recursive: true);
        (_limits, _log) = (limits, new TrainingLog(options.Log, logger));
        _jobs = [.. _log.Load(time.GetUtcNow()).Reverse().Select(j => TrainingJob.Of(j with { Active = j.Model is not null && j.Model == store.Current?.Version }))];
    }

    /// <summary>Begins a job, unless one runs.</summary>
    /// <param name="request">A valid request.</param>
    /// <param name="key">Id of the key that asked, for the log.</param>
    /// <param name="job">The new job, or the one that runs.</param>
    public bool TryStart(TrainingRequest request, string key, out TrainingJob job)
    {
        lock (_gate)
        {
            if (_jobs.FirstOrDefault(j => !j.Ended) is { } running)
            {
                job = running;
                return false;
            }

            var started = _time.GetUtcNow();
            var id = string.Create(CultureInfo.InvariantCulture, $"train-{started:yyyyMMdd-HHmmss}-{Guid.NewGuid().ToString("N")[..6]}");
            job = new TrainingJob(id, request, started);
            _jobs.Add(job);
            if (_jobs.Count > MostKept)
            {
                _jobs[0].Dispose();
                _jobs.RemoveAt(0);
            }

            LogStarted(id, key, request);
            var begun = job;
            job.Run = Task.Run(() => RunAsync(begun));
            return true;
        }
    }

    /// <summary>The first moment at which the limits allow a training, and what stands against an earlier one; null: now.</summary>
    public (DateTimeOffset At, string Why)? Wait() =>
        _limits.Wait(_time.GetUtcNow(), All().Where(j => j.State == "succeeded").Select(j => j.Ended!.Value));

    /// <summary>Newest first, those of earlier runs of the service too; at most as many as are kept.</summary>
    public IReadOnlyList<TrainingJobResponse> All()
    {
        lock (_gate)
            return [.. Enumerable.Reverse(_jobs).Select(j => j.State)];
    }

    public TrainingJob? Find(string id)
    {
        lock (_gate)
            return _jobs.FirstOrDefault(j => j.Id == id);
    }

    /// <summary>Ends a job; its state is cancelled once the task has ended.</summary>
    public async Task CancelAsync(TrainingJob job, string key)
    {
        if (!job.Ended)
        {
            LogCancelled(job.Id, key);
            job.Cancel();
        }

        await job.Run;
    }

    public async ValueTask DisposeAsync()
    {
        TrainingJob[] jobs;
        lock (_gate)
            jobs = [.. _jobs];
        foreach (var job in jobs)
        {
            if (!job.Ended)
                job.Cancel();
            await job.Run;
            job.Dispose();
        }
    }

    private async Task RunAsync(TrainingJob job)
    {
        var folder = Path.Combine(_options.WorkDirectory, job.Id);
        using var late = new CancellationTokenSource(_options.MostTime, _time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(job.Cancelled, late.Token);
        var (state, reason) = ("failed", (string?)null);
        var model = NewModel();
        try
        {
            Keep();
            Directory.CreateDirectory(folder);
            var data = await DataAsync(job.Request, folder, end.Token);
            job.Change(s => s with { State = "training" });
            using var process = TrainProcess.Start(Arguments(job.Request, data, model, folder), job.Read);
            var code = await process.ExitAsync(end.Token);
            if (code == 0 && Directory.Exists(model))
                (state, reason) = ("succeeded", Take(job, model));
            else
                reason = process.LastError.Length > 0 ? process.LastError : string.Create(CultureInfo.InvariantCulture, $"The training ended with code {code}.");
        }
        catch (OperationCanceledException)
        {
            (state, reason) = late.IsCancellationRequested ? ("failed", $"It took longer than Tft:TrainingHours allows ({_options.MostTime.TotalHours} h).") : ("cancelled", null);
        }
        catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException or InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            reason = e.Message;
        }
        finally
        {
            Remove(folder);
            // what was being written when it was ended
            Remove(model + ".partial");
            job.Change(s => s with { State = state, Reason = reason, Ended = _time.GetUtcNow() });
            Keep();
            LogEnded(job.Id, state, job.State.Model ?? "no model", reason ?? "");
        }
    }

    private void Keep()
    {
        lock (_saving)
            _log.Save(All());
    }

    /// <summary>What the command reads: the service's history as a file of the job's, or a folder that the administrator put there.</summary>
    private async Task<string> DataAsync(TrainingRequest request, string folder, CancellationToken cancellation)
    {
        if (request.Data != TrainingRequest.History)
        {
            var data = Path.Combine(_options.Directory, request.Data);
            return Directory.Exists(data) ? data : throw new InvalidDataException($"There is no folder '{request.Data}' in Tft:TrainingDirectory.");
        }

        var path = Path.Combine(folder, ParquetSeries.FleetTable);
        await _export.WriteAsync(path, [.. MetricCatalog.All.Select(m => m.Name)], (output, stop) => _history.WriteCsvAsync(output, stop), cancellation);
        HistoryNeed.Of(request.Newcomers, request.ValidationDays, SeriesOptions.DefaultFit).Check(path, "This service");
        return path;
    }

    private string NewModel()
    {
        for (var at = _time.GetUtcNow().UtcDateTime; ; at = at.AddSeconds(1))
        {
            var folder = Path.Combine(_models.Directory, string.Create(CultureInfo.InvariantCulture, $"tft_model_{at:yyyyMMdd_HHmmss}"));
            if (!Directory.Exists(folder))
                return folder;
        }
    }

    private IEnumerable<string> Arguments(TrainingRequest r, string data, string model, string folder)
    {
        (string Name, IFormattable Value)[] numbers =
        [
            ("--steps", r.Steps), ("--batch", r.Batch), ("--origin-step", r.OriginStep),
            ("--near-steps", r.NearSteps), ("--seed", r.Seed), ("--validation", r.ValidationDays), ("--newcomers", r.Newcomers), ("--threads", _options.Threads),
        ];
        string[] shape = r.From is { } from ? ["--from", Path.Combine(_models.Directory, from)]
            : ["--networks", Text(r.Networks), "--near", Text(r.Near), "--trees", Text(r.Trees), "--hidden", Text(r.Hidden), .. Flag("--stretch", r.Stretch), .. Flag("--wide-head", r.WideHead)];
        string[] device = _options.Device is { Length: > 0 } chosen ? ["--device", chosen] : [];
        return
        [
            .. shape, .. Flag("--unusual", r.Unusual), .. device, "--data", data, "--out", model, TrainOptions.CheckpointsName, Path.Combine(folder, "checkpoints"),
            .. numbers.SelectMany(n => (string[])[n.Name, Text(n.Value)]),
        ];
        static string Text(IFormattable value) => value.ToString(null, CultureInfo.InvariantCulture);
        static string[] Flag(string name, bool set) => set ? [name] : [];
    }

    /// <summary>Lets hot reload look at once, and says what came of it.</summary>
    private string? Take(TrainingJob job, string folder)
    {
        var name = Path.GetFileName(folder);
        var info = ModelFolder.Load(folder, ModelFolders.ContractVersion, ModelFolders.States).Info;
        if (_models.FollowsLatest)
            _store.TakeNewer();
        job.Change(s => s with { Model = name, Promoted = info.Promotion?.Promoted, Active = _store.Current?.Version == name });
        return info.Promotion?.Reason;
    }

    private void Remove(string folder)
    {
        try
        {
            if (Directory.Exists(folder))
                Directory.Delete(folder, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogLeft(folder, e.Message);
        }
    }

    [LoggerMessage(EventId = 3110, Level = LogLevel.Information, Message = "Training {Job} was started by key {Key}: {Request}")]
    private partial void LogStarted(string job, string key, TrainingRequest request);

    [LoggerMessage(EventId = 3111, Level = LogLevel.Information, Message = "Training {Job} is cancelled by key {Key}")]
    private partial void LogCancelled(string job, string key);

    [LoggerMessage(EventId = 3112, Level = LogLevel.Information, Message = "Training {Job} has {State}: {Model}. {Reason}")]
    private partial void LogEnded(string job, string state, string model, string reason);

    [LoggerMessage(EventId = 3113, Level = LogLevel.Warning, Message = "{Folder} of a training can't be removed: {Reason}")]
    private partial void LogLeft(string folder, string reason);
}
