using System.Diagnostics.CodeAnalysis;
using Tft.Contract.Problems;
using Tft.Inference.Forecasts.Snapshots;
using Tft.Inference.Http;
using Tft.Inference.Windows;

namespace Tft.Inference.Serving;

/// <summary>Finds the server that a route names.</summary>
internal sealed class ServerRoute(IFleetWindows windows)
{
    /// <summary>A server of the snapshot, or the 404 that names what was asked for.</summary>
    public bool TryFind(string route, FleetSnapshot snapshot, [NotNullWhen(true)] out ServerSnapshot? server, [NotNullWhen(false)] out IResult? problem)
    {
        // Routing decodes everything but an escaped slash, which a name may hold.
        var name = route.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);
        server = windows.TryFind(name, out var number) ? snapshot.Find(number) : null;
        problem = server is null ? new ProblemResult(Problem.UnknownServer(name)) : null;
        return server is not null;
    }
}
