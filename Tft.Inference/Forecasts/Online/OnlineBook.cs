using Microsoft.Extensions.Options;
using Tft.Forecasting.Recipe.Online;
using Tft.Inference.Windows;

namespace Tft.Inference.Forecasts.Online;

/// <summary>
/// The servers whose forecasts follow what came. Written on the forecaster's thread; whoever saves or shows it reads whole numbers that may be those of two
/// moments. What was kept over a restart waits under its server's name until that is seen again.
/// </summary>
internal sealed class OnlineBook(IOptions<OnlineOptions> options, OnlineTelemetry telemetry, WaitingFile? waiting = null)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, KeptServer> _waiting = [];
    private FollowedServer?[] _servers = [];
    private string? _model;
    private long _version;

    /// <summary>Differs whenever something was learned.</summary>
    public long Version => Interlocked.Read(ref _version);

    /// <summary>The model whose networks the trust is in; null before one served.</summary>
    public string? Model
    {
        get { lock (_gate) return _model; }
    }

    /// <summary>Another model serves: its networks have yet to prove themselves. Without a model nothing is forgotten.</summary>
    public void Use(string? model)
    {
        lock (_gate)
        {
            if (model is null || model == _model)
                return;
            if (_model is not null)
            {
                foreach (var server in _servers)
                    server?.ForgetNetworks();
                foreach (var (name, kept) in _waiting)
                    _waiting[name] = kept with { Trust = [], OverYesterday = [] };
            }

            _model = model;
            Interlocked.Increment(ref _version);
        }
    }

    /// <summary>Begins the forecast of a server: it learns from what has come. Null where it is not followed.</summary>
    /// <param name="number">Of the server.</param>
    /// <param name="name">Of the server.</param>
    /// <param name="window">Where its window stands.</param>
    /// <param name="values">[288 x 14].</param>
    public FollowedServer? Begin(int number, string name, WindowInfo window, ReadOnlySpan<float> values)
    {
        if (window.KnownSteps < ForecastShape.MinimumSteps || number >= options.Value.Servers)
            return null;
        var server = Of(number, name);
        var outcomes = server.Begin(window, values);
        if (outcomes != default)
        {
            telemetry.Count(outcomes);
            Interlocked.Increment(ref _version);
        }

        return server;
    }

    /// <summary>Ends the forecast of a server: what is about to be published is scaled where it was not, and kept for comparison.</summary>
    public void End(FollowedServer server, Span<float> quantiles) => telemetry.Lost(server.End(quantiles));

    /// <summary>A server that is published no longer is forgotten.</summary>
    public void Retire(int number)
    {
        if (number < _servers.Length && _servers[number] is not null)
        {
            Volatile.Write(ref _servers[number], null);
            telemetry.Followed(-1);
            Interlocked.Increment(ref _version);
        }
    }

    /// <summary>The server of this number and name; null where it is not followed.</summary>
    public FollowedServer? Find(int number, string name)
    {
        var servers = Volatile.Read(ref _servers);
        return number < servers.Length && Volatile.Read(ref servers[number]) is { } server && server.Name == name ? server : null;
    }

    /// <summary>Takes over what was kept.</summary>
    public void Restore(string? model, IEnumerable<KeptServer> servers)
    {
        lock (_gate)
        {
            _model ??= model;
            foreach (var server in servers)
                _waiting[server.Name] = model == _model ? server : server with { Trust = [], OverYesterday = [] };
        }
    }

    /// <summary>What is to be kept: of those who are followed, and of those who were and have not been seen since the start.</summary>
    public IReadOnlyList<KeptServer> Save()
    {
        lock (_gate)
            return [.. Volatile.Read(ref _servers).OfType<FollowedServer>().Select(KeptServer.Of), .. _waiting.Values];
    }

    /// <summary>Those who are followed.</summary>
    public IEnumerable<FollowedServer> Followed() => Volatile.Read(ref _servers).OfType<FollowedServer>();

    private FollowedServer Of(int number, string name)
    {
        if (number >= _servers.Length)
        {
            var longer = new FollowedServer?[Math.Max(number + 1, Math.Min(options.Value.Servers, _servers.Length * 2))];
            _servers.CopyTo(longer, 0);
            Volatile.Write(ref _servers, longer);
        }

        if (_servers[number] is { } known && known.Name == name)
            return known;
        var server = new FollowedServer(name, number % OnlineLeads.OriginStep);
        lock (_gate)
        {
            if (_waiting.Remove(name, out var kept))
                kept.CopyTo(server);
        }

        waiting?.Restore(server, Model);

        if (_servers[number] is null)
            telemetry.Followed(1);
        Volatile.Write(ref _servers[number], server);
        return server;
    }
}
