using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using MongoDB.Bson;
using Tft.Tests.Infrastructure;

namespace Tft.Tests.Sources.MongoDb;

/// <summary>How a double presents itself.</summary>
internal sealed record MongoDoubleOptions
{
    /// <summary>0: any that is free.</summary>
    public int Port { get; init; }

    /// <summary>With a user, nothing is answered before SCRAM-SHA-256 has succeeded.</summary>
    public string? User { get; init; }

    public string Password { get; init; } = "";

    public string AuthSource { get; init; } = "admin";

    /// <summary>With a certificate, TLS only.</summary>
    public X509Certificate2? Certificate { get; init; }

    /// <summary>Null: a server that stands alone.</summary>
    public string? ReplicaSet { get; init; }
}

/// <summary>
/// A MongoDB server on a real port that speaks its wire protocol (OP_MSG, and OP_QUERY for the first hello), so that official clients take it
/// for one. It keeps documents in memory, and does what the source asks for, strictly: an unknown field or operator is an error, as there.
/// </summary>
internal sealed class MongoDouble : IAsyncDisposable
{
    private readonly ConcurrentDictionary<TcpClient, Task> _connections = new();
    private TcpListener? _listener;
    private Task _accepting = Task.CompletedTask;

    private MongoDouble(MongoDoubleOptions options, MongoData data)
    {
        Options = options;
        Data = data;
    }

    public MongoDoubleOptions Options { get; }

    public MongoData Data { get; }

    public int Port { get; private set; }

    public string Address => $"127.0.0.1:{Port}";

    /// <summary>Without user and options: <c>mongodb://127.0.0.1:PORT/</c>.</summary>
    public string Url => $"mongodb://{Address}/";

    /// <summary>In a replica set: whether it takes reads that want the primary.</summary>
    public bool IsPrimary { get; set; } = true;

    /// <summary>In a replica set: all members' addresses.</summary>
    public IReadOnlyList<string> Members { get; set; } = [];

    /// <summary>Called before each command but hello, with its name; what it returns is the answer, null: go on. IOException cuts the connection.</summary>
    public Func<string, BsonDocument, Task<BsonDocument?>>? Before { get; set; }

    /// <summary>Names and bodies of all commands but hello, oldest first.</summary>
    public ConcurrentQueue<(string Name, BsonDocument Body)> Commands { get; } = new();

    public MongoCursors Cursors { get; } = new();

    public int Connections => _connections.Count;

    public static async Task<MongoDouble> StartAsync(MongoDoubleOptions? options = null, MongoData? data = null)
    {
        var server = new MongoDouble(options ?? new MongoDoubleOptions(), data ?? new MongoData());
        server.Port = server.Options.Port;
        await server.StartAgainAsync();
        return server;
    }

    /// <summary>Listens again, on the port it had; its cursors are gone, its documents not.</summary>
    public async Task StartAgainAsync()
    {
        await Eventually.True(Listen, $"port {Port} is free again");
        _accepting = AcceptAsync(_listener!);
    }

    /// <summary>As when the process is killed: no more listening, all connections cut. May be called while a command is answered.</summary>
    public Task StopAsync()
    {
        _listener?.Stop();
        Cursors.Clear();
        foreach (var connection in _connections.Keys)
            connection.Client?.Close(0);
        return _accepting;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync().DefaultTimeout();
        await Task.WhenAll(_connections.Values).DefaultTimeout();
    }

    /// <summary>An error as a server answers it.</summary>
    public static BsonDocument Error(int code, string codeName, string message) => new()
    {
        { "ok", 0.0 },
        { "errmsg", message },
        { "code", code },
        { "codeName", codeName },
    };

    private bool Listen()
    {
        var listener = new TcpListener(IPAddress.Loopback, Port);
        try
        {
            listener.Start();
        }
        catch (SocketException)
        {
            return false;
        }

        _listener = listener;
        Port = ((IPEndPoint)listener.LocalEndpoint).Port;
        return true;
    }

    private async Task AcceptAsync(TcpListener listener)
    {
        try
        {
            while (true)
            {
                var client = await listener.AcceptTcpClientAsync();
                client.NoDelay = true;
                var started = new TaskCompletionSource();
                _connections[client] = Task.Run(async () =>
                {
                    await started.Task;
                    await ServeAsync(client);
                });
                started.SetResult();
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // stopped
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        try
        {
            Stream stream = client.GetStream();
            if (Options.Certificate is { } certificate)
            {
                var secured = new SslStream(stream);
                await secured.AuthenticateAsServerAsync(certificate);
                stream = secured;
            }

            await using (stream)
                await new MongoDoubleConnection(this, stream).RunAsync();
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException or System.Security.Authentication.AuthenticationException)
        {
            // The client went, or was cut off.
        }
        finally
        {
            client.Dispose();
            _connections.TryRemove(client, out _);
        }
    }
}
