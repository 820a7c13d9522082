using Microsoft.AspNetCore.Components;
using Tft.Contract.Messages;
using Tft.Contract.Problems;
using Tft.Dashboard.Inference;
using Tft.Dashboard.Models;
using Tft.Dashboard.Navigation;
using Tft.Dashboard.Text;

namespace Tft.Dashboard.Pages;

/// <summary>Models and what can be done with them, how what is served does, and trainings. Only what the shown tab needs is asked.</summary>
public sealed partial class ModelsPage
{
    /// <summary>How often a training that runs is asked how far it is.</summary>
    private static readonly TimeSpan s_pace = TimeSpan.FromSeconds(2);
    private static readonly string[] s_tabs = ["models", "quality", "train"];

    private readonly CancellationTokenSource _left = new();
    private readonly TrainingForm _form = new();
    private Answer<ModelsResponse> _models = new();
    private Answer<FleetQualityResponse> _quality = new();
    private Answer<TrainingJobsResponse> _jobs = new();
    private (ModelEntry Model, bool IsBack)? _asked;
    private TrainingJobResponse? _cancelling;
    private (TrainingRequest Request, string Why)? _tooSoon;
    private (string Title, string Text)? _problem;
    private string? _done;
    private string? _from;

    [Inject]
    internal ModelApi Api { get; set; } = default!;

    [SupplyParameterFromQuery]
    private string? Tab { get; set; }

    /// <summary>The version whose scores are shown.</summary>
    [SupplyParameterFromQuery]
    private string? Model { get; set; }

    /// <summary>The version to train on from.</summary>
    [SupplyParameterFromQuery]
    private string? From { get; set; }

    protected override TimeSpan Interval => TimeSpan.FromSeconds(5);

    private string TabKey => s_tabs.Contains(Tab) ? Tab! : s_tabs[0];

    private TrainingJobResponse? Running => _jobs.Value?.Jobs.FirstOrDefault(j => j.Ended is null);

    private Func<string, string>? ExportOf => TabKey switch { "models" when _models.Value is not null => DashboardUrls.ModelsExport, "quality" when _quality.Value is not null => DashboardUrls.QualityExport, _ => null };

    protected override Task OnParametersSetAsync()
    {
        if (From != _from)
        {
            (_from, _form.From) = (From, From ?? "");
        }

        return FetchAsync();
    }

    protected override Task OnFleetChangedAsync() => FetchAsync();

    protected override void OnAfterRender(bool firstRender)
    {
        base.OnAfterRender(firstRender);
        if (firstRender)
        {
            _ = FollowAsync();
        }
    }

    protected override ValueTask ReleaseAsync()
    {
        _left.Cancel();
        _left.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task FetchAsync()
    {
        switch (TabKey)
        {
            case "quality":
                _quality = await _quality.RenewAsync(Api.GetQualityAsync, Clock);
                break;
            case "train":
                _jobs = await _jobs.RenewAsync(Api.GetTrainingsAsync, Clock);
                if (_models.Value is null && _jobs.Value is not null)
                {
                    _models = await _models.RenewAsync(Api.GetModelsAsync, Clock);
                }

                break;
            default:
                _models = await _models.RenewAsync(Api.GetModelsAsync, Clock);
                break;
        }
    }

    /// <summary>Snapshots come every five minutes: a training is followed by asking for it, while it runs and is shown.</summary>
    private async Task FollowAsync()
    {
        using var timer = new PeriodicTimer(s_pace, Clock);
        try
        {
            while (await timer.WaitForNextTickAsync(_left.Token))
            {
                if (TabKey == "train" && Running is { } running)
                {
                    await InvokeAsync(() => FollowAsync(running.Job));
                }
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
        {
            // The page was left.
        }
    }

    private async Task FollowAsync(string job)
    {
        var renewed = await new Answer<TrainingJobResponse>().RenewAsync(
            async cancellationToken => await Api.GetTrainingAsync(job, cancellationToken) ?? throw new HttpRequestException("The service does not know this training any more."), Clock);
        if (renewed.Value is { Ended: null } state && _jobs.Value is { } jobs)
        {
            _jobs = new(new TrainingJobsResponse([.. jobs.Jobs.Select(j => j.Job == job ? state : j)]));
        }
        else
        {
            // It ended, or the service was started anew: what there is to say is in the list.
            _jobs = await _jobs.RenewAsync(Api.GetTrainingsAsync, Clock);
            _models = await _models.RenewAsync(Api.GetModelsAsync, Clock);
            SayEnded(_jobs.Value?.Jobs.FirstOrDefault(j => j.Job == job));
        }

        StateHasChanged();
    }

    private async Task ActivateAsync()
    {
        if (_asked is not { } asked)
        {
            return;
        }

        await DoAsync($"{asked.Model.Version} was not activated", async cancellationToken =>
        {
            var answer = await Api.ActivateAsync(asked.Model.Version, cancellationToken);
            return answer.Kept ? $"{answer.Active} serves now." : $"{answer.Active} serves now, until the service starts anew.";
        });
        _asked = null;
        Store.Refresh();
    }

    private async Task StartAsync(TrainingRequest request)
    {
        var refused = await DoAsync("The training was not started", async cancellationToken =>
        {
            var job = await Api.TrainAsync(request, cancellationToken);
            return $"Training {job.Job} has begun.";
        });
        _tooSoon = refused is { Code: ProblemCodes.TrainingTooSoon } && !request.Force ? (request, refused.Message) : null;
        _problem = _tooSoon is null ? _problem : null;
    }

    private Task ForceAsync() => _tooSoon is { } waiting ? StartAsync(waiting.Request with { Force = true }) : Task.CompletedTask;

    private async Task CancelAsync()
    {
        if (_cancelling is { } job)
        {
            await DoAsync("The training was not cancelled", async cancellationToken =>
            {
                await Api.CancelTrainingAsync(job.Job, cancellationToken);
                return $"Training {job.Job} is cancelled.";
            });
            _cancelling = null;
        }
    }

    /// <summary>Does it and says what came of it; gives the refusal, if it was one.</summary>
    private async Task<RefusedException?> DoAsync(string failed, Func<CancellationToken, Task<string>> action)
    {
        var answer = await new Answer<string>().RenewAsync(action, Clock);
        _done = answer.Value;
        _problem = answer.Value is not null ? null
            : answer.Refused is { } refused ? (failed, refused.NeedsAnotherKey ? $"{refused.Message} {Strings.NeedsAdminHint}" : refused.Message)
            : (failed, answer.Failure ?? "");
        await FetchAsync();
        return answer.Refused;
    }

    private void SayEnded(TrainingJobResponse? job)
    {
        _done = job switch
        {
            { State: "succeeded", Model: { } model } => $"Training {job.Job} has made {model}: {(job.Active ? "it serves now" : job.Promoted == false ? "not promoted" : "promoted")}.",
            { State: "cancelled" } => $"Training {job.Job} is cancelled.",
            _ => null,
        };
        _problem = job is { State: "failed" } ? ($"Training {job.Job} has failed", job.Reason ?? "") : null;
    }

    // The package reports the tab that it starts with, too.
    private void SetTab(string tab)
    {
        var key = tab["models-".Length..];
        if (key != TabKey && s_tabs.Contains(key))
        {
            (_problem, _done) = (null, null);
            Navigation.NavigateTo(DashboardUrls.ModelsOf(key == s_tabs[0] ? null : key, Model), replace: true);
        }
    }
}
