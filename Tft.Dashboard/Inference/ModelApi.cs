using Tft.Contract.Messages;

namespace Tft.Dashboard.Inference;

/// <summary>Models, what is served and trainings: what needs the scope admin, but for the quality of what is served.</summary>
/// <remarks>Throws as <see cref="ServiceRequests"/> does.</remarks>
internal sealed class ModelApi(IHttpClientFactory clients)
{
    public async Task<ModelsResponse> GetModelsAsync(CancellationToken cancellationToken) => Known(await clients.GetAsync("/admin/models", ContractJson.Default.ModelsResponse, cancellationToken));

    public async Task<FleetQualityResponse> GetQualityAsync(CancellationToken cancellationToken) => Known(await clients.GetAsync("/quality", ContractJson.Default.FleetQualityResponse, cancellationToken));

    /// <summary>Trainings since the service started, newest first.</summary>
    public async Task<TrainingJobsResponse> GetTrainingsAsync(CancellationToken cancellationToken) => Known(await clients.GetAsync("/admin/train", ContractJson.Default.TrainingJobsResponse, cancellationToken));

    /// <summary>One training; null when the service does not know it: it may have been started anew.</summary>
    public Task<TrainingJobResponse?> GetTrainingAsync(string job, CancellationToken cancellationToken) =>
        clients.GetAsync($"/admin/train/{Uri.EscapeDataString(job)}", ContractJson.Default.TrainingJobResponse, cancellationToken);

    public Task<ActivatedResponse> ActivateAsync(string version, CancellationToken cancellationToken) =>
        clients.SendAsync(HttpMethod.Post, $"/admin/models/{Uri.EscapeDataString(version)}/activate", null, ContractJson.Default.ActivatedResponse, cancellationToken);

    public Task<TrainingJobResponse> TrainAsync(TrainingRequest request, CancellationToken cancellationToken) =>
        clients.SendAsync(HttpMethod.Post, "/admin/train", JsonContent.Create(request, ContractJson.Default.TrainingRequest), ContractJson.Default.TrainingJobResponse, cancellationToken);

    public Task CancelTrainingAsync(string job, CancellationToken cancellationToken) =>
        clients.SendAsync(HttpMethod.Delete, $"/admin/train/{Uri.EscapeDataString(job)}", null, cancellationToken);

    private static T Known<T>(T? answer)
        where T : class => answer ?? throw new HttpRequestException("The service does not know this request: it may be older than the dashboard.");
}
