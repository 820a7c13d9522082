using System.Collections.Immutable;

namespace Tft.Dashboard.Live;

/// <summary>Tells subscribers that something changed. Publishing never waits for a subscriber.</summary>
internal sealed class ChangeNotifier
{
    private ImmutableArray<Subscription> _subscriptions = [];

    public int Count => _subscriptions.Length;

    public void Publish()
    {
        foreach (var subscription in _subscriptions)
        {
            subscription.Signal();
        }
    }

    /// <summary>
    /// Calls <paramref name="callback"/> after changes, one call at a time and at most one per <paramref name="interval"/>:
    /// what happens in between is told as one change. So a slow circuit costs itself frames and nobody else anything.
    /// </summary>
    public IAsyncDisposable Subscribe(Func<Task> callback, TimeSpan interval, TimeProvider time)
    {
        var subscription = new Subscription(this, callback, interval, time);
        ImmutableInterlocked.Update(ref _subscriptions, (list, one) => list.Add(one), subscription);
        return subscription;
    }

    private sealed class Subscription : IAsyncDisposable
    {
        private readonly ChangeNotifier _owner;
        private readonly SemaphoreSlim _pending = new(0, 1);
        private readonly CancellationTokenSource _stop = new();
        private readonly Task _run;

        public Subscription(ChangeNotifier owner, Func<Task> callback, TimeSpan interval, TimeProvider time)
        {
            _owner = owner;
            _run = Task.Run(() => RunAsync(callback, interval, time));
        }

        public void Signal()
        {
            try
            {
                if (_pending.CurrentCount == 0)
                {
                    _pending.Release();
                }
            }
            catch (SemaphoreFullException)
            {
                // Another publisher signalled in the same moment: the change is pending already.
            }
            catch (ObjectDisposedException)
            {
                // The circuit ended while the change was being published.
            }
        }

        public async ValueTask DisposeAsync()
        {
            ImmutableInterlocked.Update(ref _owner._subscriptions, (list, one) => list.Remove(one), this);
            await _stop.CancelAsync();

            // The callback may be waiting for the dispatcher that is disposing us: the loop ends by itself.
            _ = _run.ContinueWith(
                _ =>
                {
                    _pending.Dispose();
                    _stop.Dispose();
                },
                TaskScheduler.Default);
        }

        private async Task RunAsync(Func<Task> callback, TimeSpan interval, TimeProvider time)
        {
            try
            {
                while (true)
                {
                    await _pending.WaitAsync(_stop.Token);
                    await callback();
                    await Task.Delay(interval, time, _stop.Token);
                }
            }
            catch (OperationCanceledException)
            {
                // Disposed.
            }
            catch (ObjectDisposedException)
            {
                // The component's dispatcher is gone: its circuit ended.
            }
        }
    }
}
