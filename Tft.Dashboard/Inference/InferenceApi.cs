using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Tft.Contract.Messages;
using Tft.Dashboard.Docs;
using Tft.Dashboard.History;
using Tft.ServiceDefaults.Clients;

namespace Tft.Dashboard.Inference;

/// <summary>What the pages read of the inference service, and what they ask it to do.</summary>
/// <remarks>Throws as <see cref="ServiceRequests"/> does.</remarks>
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

    /// <summary>What was measured on one server in the last day, and what had been forecast for it; null when there is none.</summary>
    public Task<HistoryResponse?> GetHistoryAsync(string server, CancellationToken cancellationToken) =>
        GetAsync($"/history/{Uri.EscapeDataString(server)}?lead=1h,8h", ContractJson.Default.HistoryResponse, cancellationToken);

    /// <summary>What was measured on one server in a range, and what had been forecast for it; null when the service does not know the server.</summary>
    /// <exception cref="RefusedException">It refuses the range.</exception>
    public Task<HistoryResponse?> GetHistoryAsync(HistoryAsk ask, CancellationToken cancellationToken) =>
        GetAsync(ask.Address, ContractJson.Default.HistoryResponse, cancellationToken);

    /// <summary>The same, every step, as a file of the service; whoever takes it disposes of it.</summary>
    /// <param name="ask">What is wanted.</param>
    /// <param name="format">csv or parquet.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    /// <exception cref="RefusedException">Another export is being written, or it is too large.</exception>
    public async Task<HttpResponseMessage> OpenHistoryAsync(HistoryAsk ask, string format, CancellationToken cancellationToken)
    {
        using var client = clients.CreateClient(InferenceClient.Name);
        var response = await client.GetAsync(new Uri(ask.ExportAddress(format), UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        try
        {
            await RefusedException.ThrowIfAnyAsync(response, cancellationToken);
            return response;
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    /// <summary>What the networks looked at in a server's window; null when the service does not know the server.</summary>
    /// <exception cref="RefusedException">Nothing can be read out: it is forecast by the fallback, or its window has just changed.</exception>
    public Task<ExplainResponse?> GetExplanationAsync(string server, CancellationToken cancellationToken) =>
        GetAsync($"/explain/{Uri.EscapeDataString(server)}", ContractJson.Default.ExplainResponse, cancellationToken);

    /// <summary>What the service offers, by its own document.</summary>
    public async Task<JsonDocument> GetOpenApiAsync(CancellationToken cancellationToken) =>
        await GetAsync("/openapi/v1.json", DocumentJson.Default.JsonDocument, cancellationToken)
            ?? throw new HttpRequestException("The service has no document of its API.");

    /// <summary>Where each metric becomes a risk.</summary>
    public async Task<ThresholdsResponse> GetThresholdsAsync(CancellationToken cancellationToken) =>
        await GetAsync("/thresholds", ContractJson.Default.ThresholdsResponse, cancellationToken)
            ?? throw new HttpRequestException("The service does not say its thresholds: it may be older than the dashboard.");

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
    public Task AcknowledgeAsync(string id, string by, CancellationToken cancellationToken) => clients.SendAsync(
        HttpMethod.Post, $"/alerts/{Uri.EscapeDataString(id)}/ack", JsonContent.Create(new AckRequest { By = by }, ContractJson.Default.AckRequest), cancellationToken);

    public Task SilenceAsync(SilenceRequest silence, CancellationToken cancellationToken) =>
        clients.SendAsync(HttpMethod.Post, "/silences", JsonContent.Create(silence, ContractJson.Default.SilenceRequest), cancellationToken);

    public Task EndSilenceAsync(string id, CancellationToken cancellationToken) =>
        clients.SendAsync(HttpMethod.Delete, $"/silences/{Uri.EscapeDataString(id)}", null, cancellationToken);

    /// <summary>What usually helps against what the service says now.</summary>
    public async Task<RemediationResponse> GetRemediationAsync(CancellationToken cancellationToken) =>
        await GetAsync("/remediation", ContractJson.Default.RemediationResponse, cancellationToken)
            ?? throw new HttpRequestException("The service suggests nothing: it may be older than the dashboard.");

    /// <summary>Which servers' risk rises together.</summary>
    public async Task<CascadesResponse> GetCascadesAsync(CancellationToken cancellationToken) =>
        await GetAsync("/cascades", ContractJson.Default.CascadesResponse, cancellationToken)
            ?? throw new HttpRequestException("The service does not look for what rises together: it may be older than the dashboard.");

    /// <summary>Who approved or declined what.</summary>
    public async Task<ApprovalsResponse> GetApprovalsAsync(CancellationToken cancellationToken) =>
        await GetAsync("/remediation/approvals", ContractJson.Default.ApprovalsResponse, cancellationToken)
            ?? throw new HttpRequestException("The service keeps no decisions: it may be older than the dashboard.");

    /// <summary>Has a decision kept; it is when this returns.</summary>
    public Task<ApprovalInfo> DecideAsync(ApprovalRequest decision, CancellationToken cancellationToken) => clients.SendAsync(
        HttpMethod.Post, "/remediation/approvals", JsonContent.Create(decision, ContractJson.Default.ApprovalRequest), ContractJson.Default.ApprovalInfo, cancellationToken);

    private Task<T?> GetAsync<T>(string address, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class => clients.GetAsync(address, type, cancellationToken);
}
