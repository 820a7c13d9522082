using System.Text.Json;

namespace Tft.Dashboard.Inference;

/// <summary>What a page has of an answer of the service: nothing yet, the last one, a refusal, or the last one and why there is no newer.</summary>
/// <param name="Value">The last answer; null before the first, and after a refusal.</param>
/// <param name="Refused">The service said no.</param>
/// <param name="Failure">Why the last request had no answer.</param>
public sealed record Answer<T>(T? Value = null, RefusedException? Refused = null, string? Failure = null)
    where T : class
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    /// <summary>Asks again; what was there stays if there is no answer.</summary>
    public async Task<Answer<T>> RenewAsync(Func<CancellationToken, Task<T>> ask, TimeProvider clock)
    {
        try
        {
            using var patience = new CancellationTokenSource(s_patience, clock);
            return new(await ask(patience.Token));
        }
        catch (RefusedException e)
        {
            return new(Refused: e);
        }
        catch (Exception e) when (e is HttpRequestException or JsonException or IOException or OperationCanceledException)
        {
            return new(Value, Failure: e.Message);
        }
    }
}
