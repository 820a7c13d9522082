using System.Net;
using System.Text.Json;
using Tft.Contract.Messages;
using Tft.Contract.Problems;

namespace Tft.Dashboard.Inference;

/// <summary>The service answered, and the answer is no: with its reason. The message is what it said.</summary>
public sealed class RefusedException(Problem problem) : HttpRequestException(problem.Detail, null, (HttpStatusCode)problem.Status)
{
    /// <summary>Stable, one of <see cref="ProblemCodes"/>.</summary>
    public string Code => problem.Code;

    /// <summary>The dashboard's key may not do this.</summary>
    public bool NeedsAnotherKey => Code is ProblemCodes.BadScope or ProblemCodes.BadKey or ProblemCodes.NoKey;

    /// <summary>Throws for an answer that is no success: with the service's own words where it gave any.</summary>
    /// <exception cref="RefusedException">The service said why.</exception>
    /// <exception cref="HttpRequestException">It did not.</exception>
    public static async Task ThrowIfAnyAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.IsSuccessStatusCode)
        {
            return;
        }

        if (response.Content.Headers.ContentType?.MediaType == "application/problem+json" && await ReadAsync(response, cancellationToken) is { } problem)
        {
            throw new RefusedException(problem);
        }

        response.EnsureSuccessStatusCode();
    }

    private static async Task<Problem?> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            return await response.Content.ReadFromJsonAsync(ContractJson.Default.Problem, cancellationToken);
        }
        catch (JsonException)
        {
            // A proxy's page, or a cut answer: the status alone is known.
            return null;
        }
    }
}
