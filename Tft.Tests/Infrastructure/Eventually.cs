using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Tft.Tests.Infrastructure;

/// <summary>Waits that end: every one has a deadline and says what it waited for.</summary>
public static class Eventually
{
    /// <summary>Long enough for a busy machine; a passing test never waits that long.</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(Debugger.IsAttached ? 600 : 60);

    /// <summary>For what works for seconds on a machine with nothing else to do: a training, a whole system.</summary>
    public static readonly TimeSpan Long = 3 * Timeout;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    public static Task True(
        Func<bool> condition,
        string? because = null,
        TimeSpan? timeout = null,
        [CallerArgumentExpression(nameof(condition))] string expression = "")
        => True(() => Task.FromResult(condition()), because ?? expression, timeout);

    public static async Task True(Func<Task<bool>> condition, string because, TimeSpan? timeout = null)
    {
        var limit = timeout ?? Timeout;
        var watch = Stopwatch.StartNew();
        while (!await condition().WaitAsync(limit))
        {
            if (watch.Elapsed > limit) throw new TimeoutException($"Not within {limit.TotalSeconds:0.#} s: {because}");
            await Task.Delay(Pause);
        }
    }

    /// <summary>Polls until the value is not null and returns it.</summary>
    public static async Task<T> Value<T>(
        Func<Task<T?>> read,
        TimeSpan? timeout = null,
        [CallerArgumentExpression(nameof(read))] string expression = "")
        where T : class
    {
        T? found = null;
        await True(async () => (found = await read()) is not null, expression, timeout);
        return found!;
    }

    /// <summary>Repeats an assertion until it holds; at the deadline its own failure is thrown.</summary>
    public static async Task Passes(Func<Task> assertion, TimeSpan? timeout = null)
    {
        var limit = timeout ?? Timeout;
        var watch = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                await assertion().WaitAsync(limit);
                return;
            }
            catch (Exception e) when (watch.Elapsed < limit && e is not OperationCanceledException)
            {
                await Task.Delay(Pause);
            }
        }
    }

    public static Task DefaultTimeout(this Task task) => task.WaitAsync(Timeout);

    public static Task<T> DefaultTimeout<T>(this Task<T> task) => task.WaitAsync(Timeout);

    public static Task DefaultTimeout(this ValueTask task) => task.AsTask().WaitAsync(Timeout);

    public static Task<T> DefaultTimeout<T>(this ValueTask<T> task) => task.AsTask().WaitAsync(Timeout);
}
