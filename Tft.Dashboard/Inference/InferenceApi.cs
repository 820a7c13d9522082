using System.Net;
using Tft.Contract.Messages;
using Tft.ServiceDefaults.Clients;

namespace Tft.Dashboard.Inference;

/// <summary>What the pages read of the inference service, and what they ask it to do.</summary>
/// <remarks>Throws <see cref="HttpRequestException"/> when the service cannot be reached, and <see cref="RefusedException"/> when it refuses and says why.</remarks>
internal sealed class InferenceApi(IHttpClientFactory clients)
{
    /// <summary>A page of servers with the metrics that lists and heatmap show.</summary>
    public async Task<PredictResponse> GetPageAsync(IEnumerable<string> metrics, string? after, CancellationToken cancellationToken)
    {
        var address = $"/predict?limit=1000&metrics={string.Join(',', metrics)}";
        if (after is not null)
        {
            address += $"&after={Uri.EscapeDataString(after)}";
        }

        return await GetAsync(address, ContractJson.Default.PredictResponse, cancellationToken)
            ?? throw new HttpRequestException("The service answered /predict with nothing.");
    }

    /// <summary>All steps of one server; null when the service does not know it.</summary>
    public Task<ServerForecast?> GetServerAsync(string server, CancellationToken cancellationToken) =>
        GetAsync($"/predict/{Uri.EscapeDataString(server)}", ContractJson.Default.ServerForecast, cancellationToken);

    /// <summary>What was measured on one server; null when there is none.</summary>
    public Task<HistoryResponse?> GetHistoryAsync(string server, CancellationToken cancellationToken) =>
        GetAsync($"/history/{Uri.EscapeDataString(server)}", ContractJson.Default.HistoryResponse, cancellationToken);

    /// <summary>What the networks looked at in a server's window; null when the service does not know the server.</summary>
    /// <exception cref="RefusedException">Nothing can be read out: it is forecast by the fallback, or its window has just changed.</exception>
    public Task<ExplainResponse?> GetExplanationAsync(string server, CancellationToken cancellationToken) =>
        GetAsync($"/explain/{Uri.EscapeDataString(server)}", ContractJson.Default.ExplainResponse, cancellationToken);

    public async Task<StatusResponse> GetStatusAsync(CancellationToken cancellationToken) =>
        await GetAsync("/status", ContractJson.Default.StatusResponse, cancellationToken)
            ?? throw new HttpRequestException("The service answered /status with nothing.");

    /// <summary>Pending and firing alerts, worst first; none from a service that has no alerts.</summary>
    public async Task<IReadOnlyList<AlertInfo>> GetOpenAlertsAsync(CancellationToken cancellationToken) =>
        (await GetAsync("/alerts/active", ContractJson.Default.AlertsResponse, cancellationToken))?.Alerts ?? [];

    /// <summary>Alerts that were open at some time of the last day, newest first.</summary>
    public async Task<IReadOnlyList<AlertInfo>> GetRecentAlertsAsync(CancellationToken cancellationToken) =>
        (await GetAsync("/alerts", ContractJson.Default.AlertsResponse, cancellationToken))?.Alerts ?? [];

    public async Task<IReadOnlyList<SilenceInfo>> GetSilencesAsync(CancellationToken cancellationToken) =>
        (await GetAsync("/silences", ContractJson.Default.SilencesResponse, cancellationToken))?.Silences ?? [];

    /// <summary>Says that someone looks after an alert. One that has ended meanwhile is no error.</summary>
    public Task AcknowledgeAsync(string id, string by, CancellationToken cancellationToken) => SendAsync(
        new(HttpMethod.Post, $"/alerts/{Uri.EscapeDataString(id)}/ack") { Content = JsonContent.Create(new AckRequest { By = by }, ContractJson.Default.AckRequest) },
        cancellationToken);

    public Task SilenceAsync(SilenceRequest silence, CancellationToken cancellationToken) => SendAsync(
        new(HttpMethod.Post, "/silences") { Content = JsonContent.Create(silence, ContractJson.Default.SilenceRequest) }, cancellationToken);

    public Task EndSilenceAsync(string id, CancellationToken cancellationToken) =>
        SendAsync(new(HttpMethod.Delete, $"/silences/{Uri.EscapeDataString(id)}"), cancellationToken);

    private async Task SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using (request)
        {
            using var client = clients.CreateClient(InferenceClient.Name);
            using var response = await client.SendAsync(request, cancellationToken);
            if (response.StatusCode != HttpStatusCode.NotFound)
            {
                await RefusedException.ThrowIfAnyAsync(response, cancellationToken);
            }
        }
    }

    private async Task<T?> GetAsync<T>(string address, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class
    {
        using var client = clients.CreateClient(InferenceClient.Name);
        using var response = await client.GetAsync(new Uri(address, UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        if (response.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }

        await RefusedException.ThrowIfAnyAsync(response, cancellationToken);
        return await response.Content.ReadFromJsonAsync(type, cancellationToken);
    }
}
