using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Tft.Tests.Infrastructure;

namespace Tft.Tests.Compat.AspireHosting;

/// <summary>AddMongoDB and AddElasticsearch without containers: programs of this machine, here ones that answer as they do.</summary>
[Trait("Ring", "component")]
public sealed class LocalStoreTests : IDisposable
{
    private const string Reply = """
        #!/usr/bin/env python3
        import os, sys, socket, struct
        if '--version' in sys.argv: sys.exit(0)
        arguments = sys.argv[1:]
        if 'mongod' in sys.argv[0]:
            port = int(arguments[arguments.index('--port') + 1])
            assert arguments[arguments.index('--bind_ip') + 1] == '127.0.0.1' and os.path.isdir(arguments[arguments.index('--dbpath') + 1])
        else:
            settings = dict(a.split('=', 1) for a in arguments if a != '-E')
            port = int(settings['http.port'])
            assert settings['network.host'] == '127.0.0.1' and settings['discovery.type'] == 'single-node'
        print('ready', flush=True)
        server = socket.create_server(('127.0.0.1', port))
        while True:
            client, _ = server.accept()
            try:
                head = client.recv(4096)
                if head[:4] == b'GET ':
                    client.sendall(b'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}')
                else:
                    length, request, _, code = struct.unpack('<4i', head[:16])
                    assert length == len(head) and code == 2013 and b'hello' in head
                    document = b'\x01ok\0' + struct.pack('<d', 1.0) + b'\0'
                    document = struct.pack('<i', len(document) + 4) + document
                    body = struct.pack('<iB', 0, 0) + document
                    client.sendall(struct.pack('<4i', 16 + len(body), 1, request, 2013) + body)
            finally:
                client.close()
        """;

    private readonly TempFolder _programs = new();

    public void Dispose() => _programs.Dispose();

    [Fact]
    public async Task AddMongoDB_ProgramOnPath_ADatabasesConsumerStartsWhenItAnswers()
    {
        await using var builder = WithProgram("mongod");
        var mongo = builder.AddMongoDB("mongodb").WithLifetime(ContainerLifetime.Persistent);
        var database = mongo.AddDatabase("metrics", "tft");
        var consumer = builder.AddScript("consumer", "env | grep -i -e ^METRICS_ -e ^ConnectionStrings; echo end; exec sleep 300").WithReference(database, "metrics").WaitFor(database);
        await using var app = await builder.BuildAsync();
        await app.StartAsync().DefaultTimeout();
        await app.ResourceNotifications.WaitForResourceHealthyAsync("consumer").DefaultTimeout();

        var lines = await app.LinesOf("consumer", until: line => line == "end");
        var port = app.GetEndpoint("mongodb", "tcp").Port;
        Assert.Contains(consumer.Resource.Annotations.OfType<WaitAnnotation>(), wait => wait.Resource == mongo.Resource);
        Assert.Equal(
            [$"ConnectionStrings__metrics=mongodb://localhost:{port}/tft", "METRICS_DATABASENAME=tft", "METRICS_HOST=localhost", $"METRICS_PORT={port}", $"METRICS_URI=mongodb://localhost:{port}/tft"],
            lines.Where(line => line.Contains('=', StringComparison.Ordinal)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task AddElasticsearch_ProgramOnPath_IsHealthyUnderItsConnectionString()
    {
        await using var builder = WithProgram("elasticsearch");
        builder.AddElasticsearch("search").WithLifetime(ContainerLifetime.Persistent);
        await using var app = await builder.BuildAsync();
        await app.StartAsync().DefaultTimeout();
        await app.ResourceNotifications.WaitForResourceHealthyAsync("search").DefaultTimeout();

        var connection = await app.GetConnectionStringAsync("search").DefaultTimeout();
        using var http = new HttpClient();
        Assert.Equal("{}", await http.GetStringAsync(connection).DefaultTimeout());
        Assert.Equal($"http://localhost:{app.GetEndpoint("search", "http").Port}", connection);
    }

    [Fact]
    public void AddStores_NoProgramOnPath_SaysWhatToDoInstead()
    {
        using var builder = DistributedApplicationTestingBuilder.Create($"--PATH={_programs.Path}");

        var mongo = Assert.Throws<NotSupportedException>(() => builder.AddMongoDB("a"));
        var elastic = Assert.Throws<NotSupportedException>(() => builder.AddElasticsearch("b"));

        Assert.All([mongo, elastic], e => Assert.Contains("AddConnectionString", e.Message, StringComparison.Ordinal));
        Assert.Contains("'mongod'", mongo.Message, StringComparison.Ordinal);
        Assert.Contains("'elasticsearch'", elastic.Message, StringComparison.Ordinal);
        Assert.Empty(builder.Resources);
    }

    /// <summary>PATH is the application's own setting here: this process's is everyone's.</summary>
    private IDistributedApplicationTestingBuilder WithProgram(string program)
    {
        SkipUnless.Program("python3");
        var file = _programs.File(program);
        File.WriteAllText(file, Reply);
        SkipUnless.True(!OperatingSystem.IsWindows(), "the program is a script");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return DistributedApplicationTestingBuilder.Create($"--PATH={_programs.Path}");
    }
}
