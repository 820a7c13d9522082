using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Tft.ServiceDefaults.Hosting;

/// <summary>
/// Tells systemd (a unit of <c>Type=notify</c>) that the service is ready or stopping: a datagram to the socket that
/// NOTIFY_SOCKET names. Does nothing where that is not set.
/// </summary>
internal sealed partial class SystemdNotifier(IHostApplicationLifetime lifetime, ILogger<SystemdNotifier> logger, string? socketName)
    : IHostedService
{
    private const string Variable = "NOTIFY_SOCKET";

    [ActivatorUtilitiesConstructor]
    public SystemdNotifier(IHostApplicationLifetime lifetime, ILogger<SystemdNotifier> logger)
        : this(lifetime, logger, Environment.GetEnvironmentVariable(Variable))
    {
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(socketName)) return Task.CompletedTask;
        lifetime.ApplicationStarted.Register(() => Send("READY=1"));
        lifetime.ApplicationStopping.Register(() => Send("STOPPING=1"));
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private void Send(string state)
    {
        try
        {
            // '@' names a socket in the abstract namespace, whose real name begins with NUL.
            var path = socketName![0] == '@' ? '\0' + socketName[1..] : socketName;
            using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
            socket.SendTo(Encoding.UTF8.GetBytes(state), new UnixDomainSocketEndPoint(path));
        }
        catch (Exception e) when (e is SocketException or ArgumentException)
        {
            NotNotified(logger, state, e);
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "systemd was not told {State}")]
    private static partial void NotNotified(ILogger logger, string state, Exception error);
}
