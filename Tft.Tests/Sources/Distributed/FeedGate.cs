using Microsoft.AspNetCore.Http;
using Tft.Tests.Infrastructure;

namespace Tft.Tests.Sources.Distributed;

/// <summary>
/// Stands between an adapter and the service and passes every request on, so that a test can say what happens while a batch is on the wire.
/// </summary>
internal sealed class FeedGate : IAsyncDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { PooledConnectionIdleTimeout = TimeSpan.FromSeconds(1) }) { Timeout = Eventually.Timeout };
    private readonly TaskCompletionSource<Uri> _service = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _lock = new();
    private StoreDouble _door = null!;
    private Func<Func<Task>, Task>? _fault;
    private int _until;

    public string Url => _door.Url;

    public static async Task<FeedGate> StartAsync()
    {
        var gate = new FeedGate();
        gate._door = await StoreDouble.StartAsync(gate.PassAsync);
        return gate;
    }

    /// <summary>Where requests go; those that came before wait for it.</summary>
    public void Open(Uri service) => _service.TrySetResult(service);

    /// <summary>
    /// Of the requests to come, one has no answer: the fault is given the way to pass it on to the service, and when it is done the connection
    /// breaks.
    /// </summary>
    /// <param name="after">Requests that still pass unharmed.</param>
    /// <param name="fault">Runs while the batch is on the wire.</param>
    /// <returns>Done when the fault is.</returns>
    public Task Next(int after, Func<Func<Task>, Task> fault)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            _until = after;
            _fault = async pass =>
            {
                try
                {
                    await fault(pass);
                    done.SetResult();
                }
                catch (Exception e)
                {
                    done.SetException(e);
                }
            };
        }

        return done.Task;
    }

    public async ValueTask DisposeAsync()
    {
        _service.TrySetCanceled();
        await _door.DisposeAsync();
        _http.Dispose();
    }

    private async Task PassAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        Func<Func<Task>, Task>? fault = null;
        lock (_lock)
        {
            if (_fault is not null && _until-- == 0)
                (fault, _fault) = (_fault, null);
        }

        try
        {
            if (fault is not null)
            {
                // whatever the sender does: the batch is on its way
                await fault(async () => (await SendAsync(context.Request, body.ToArray(), CancellationToken.None)).Dispose());
                context.Abort();
                return;
            }

            using var answer = await SendAsync(context.Request, body.ToArray(), context.RequestAborted);
            context.Response.StatusCode = (int)answer.StatusCode;
            context.Response.ContentType = answer.Content.Headers.ContentType?.ToString();
            if (answer.Headers.RetryAfter is { } wait)
                context.Response.Headers.RetryAfter = wait.ToString();
            await answer.Content.CopyToAsync(context.Response.Body, context.RequestAborted);
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException or IOException)
        {
            context.Abort();
        }
    }

    private async Task<HttpResponseMessage> SendAsync(HttpRequest request, byte[] body, CancellationToken cancellationToken)
    {
        var service = await _service.Task.WaitAsync(cancellationToken);
        using var message = new HttpRequestMessage(new HttpMethod(request.Method), new Uri(service, request.Path.Value));
        message.Content = new ByteArrayContent(body);
        foreach (var (name, value) in request.Headers.Where(h => h.Key is "X-API-Key" or "X-Tft-Source" or "traceparent"))
            message.Headers.TryAddWithoutValidation(name, (string?)value);
        message.Content.Headers.TryAddWithoutValidation("Content-Type", request.ContentType);
        return await _http.SendAsync(message, cancellationToken);
    }
}
