using Tft.Contract.Messages;
using Tft.Inference.Commands.Train;

namespace Tft.Inference.Training;

/// <summary>One training that was asked for: what is known of it, changed by its runner and read by any request.</summary>
internal sealed class TrainingJob(string id, TrainingRequest request, DateTimeOffset started) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _cancel = new();
    private TrainingJobResponse _state = new() { Job = id, State = "reading", Data = request.Data, Started = started };

    /// <summary>One of an earlier run of the service, which has ended.</summary>
    public static TrainingJob Of(TrainingJobResponse ended) =>
        new(ended.Job, new TrainingRequest { Data = ended.Data }, ended.Started) { _state = ended };

    public string Id => id;

    public TrainingRequest Request => request;

    /// <summary>Set where somebody asked for its end.</summary>
    public CancellationToken Cancelled => _cancel.Token;

    public bool Ended => State.Ended is not null;

    public TrainingJobResponse State
    {
        get
        {
            lock (_gate)
                return _state;
        }
    }

    /// <summary>Completes when it has ended and its files are gone.</summary>
    public Task Run { get; set; } = Task.CompletedTask;

    public void Cancel() => _cancel.Cancel();

    public void Change(Func<TrainingJobResponse, TrainingJobResponse> change)
    {
        lock (_gate)
            _state = change(_state);
    }

    /// <summary>Takes a line of the command's output.</summary>
    public void Read(string line)
    {
        if (!ProgressLine.TryParse(line, out var p))
            return;
        Change(s => s with
        {
            Progress = new TrainingJobProgress(p.Network, p.Networks, p.Step, p.Steps, p.Percent, p.Loss, p.WindowsPerSecond, p.Remaining?.TotalSeconds),
        });
    }

    public void Dispose() => _cancel.Dispose();
}
