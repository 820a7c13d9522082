using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Tft.Adapters.Hosting;
using Tft.Adapters.Sources;
using Tft.Adapters.Sources.Elasticsearch;
using Tft.Tests.Infrastructure;
using HttpMethod = Elastic.Transport.HttpMethod;

namespace Tft.Tests.Sources.Elasticsearch;

/// <summary>How a cluster is reached: nodes, sign-in, TLS, and what is said when it is not.</summary>
[Trait("Ring", "component")]
public sealed class ElasticConnectionTests
{
    private const string Fine = """{"ok":true}""";

    [Theory]
    [InlineData("ApiKey a2V5", "a2V5")]
    [InlineData("Bearer t0ken", "t0ken")]
    [InlineData("Basic cmVhZGVyOnDDpHNz", "päss")]
    [InlineData("Custom t1cket", "t1cket")]
    public async Task Send_SignIn_IsSentAndNeverSaidWhereItIsRefused(string expected, string secret)
    {
        var seen = "";
        var status = 200;
        await using var store = await StoreDouble.StartAsync(context =>
        {
            seen = context.Request.Headers.Authorization.ToString();
            context.Response.StatusCode = status;
            return Json(context, """{"error":{"reason":"missing authentication credentials"}}""");
        });
        using var client = Client(store.Url, o =>
        {
            (o.ApiKey, o.Token, o.Username, o.Password) = (secret == "a2V5" ? secret : "", secret == "t0ken" ? secret : "", secret == "päss" ? "reader" : "", secret == "päss" ? secret : "");
            if (secret == "t1cket")
                o.Headers["Authorization"] = expected;
        });

        using (await SendAsync(client))
            Assert.Equal(expected, seen);
        status = 401;
        var e = await Assert.ThrowsAsync<SourceException>(() => SendAsync(client));

        Assert.Equal(401, e.Status);
        Assert.Contains("missing authentication credentials", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(secret, e.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Send_CertificateOfAPrivateAuthority_IsTrustedOnlyByItsFile()
    {
        using var folder = new TempFolder();
        using var certificate = new TestCertificate(folder);
        await using var store = await StoreDouble.StartAsync(context => Json(context, Fine), certificate: certificate.Certificate);
        using var trusting = Client(store.Url, o => o.CaFile = certificate.File);
        using var other = Client(store.Url);
        using var otherName = Client(store.Url.Replace("127.0.0.1", "localhost", StringComparison.Ordinal), o => o.CaFile = certificate.File);

        using (await SendAsync(trusting))
        {
        }

        foreach (var client in (ElasticClient[])[other, otherName])
            Assert.Contains("; name the file of its authority with ca_file", (await Assert.ThrowsAsync<SourceException>(() => SendAsync(client))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Send_NodesDownOrUnavailable_TheNextAnswersAndStaysFirst()
    {
        var asked = 0;
        await using var unavailable = await StoreDouble.StartAsync(context =>
        {
            asked++;
            context.Response.StatusCode = 503;
            return Json(context, """{"error":"no master"}""");
        });
        await using var good = await StoreDouble.StartAsync(context => Json(context, Fine));
        using var client = Client("", o => o.Hosts = [$"http://127.0.0.1:{Ports.Free()}", unavailable.Url, new Uri(good.Url).Authority]);

        for (var i = 0; i < 3; i++)
        {
            using (await SendAsync(client))
            {
            }
        }

        Assert.Equal(1, asked);
    }

    [Fact]
    public async Task Send_EveryNodeIsUnavailable_SaysWhatTheLastOneSaid()
    {
        await using var unavailable = await StoreDouble.StartAsync(context =>
        {
            context.Response.StatusCode = 503;
            return Json(context, """{"error":"no master"}""");
        });
        using var client = Client("", o => o.Hosts = [$"http://127.0.0.1:{Ports.Free()}", unavailable.Url]);

        var e = await Assert.ThrowsAsync<SourceException>(() => SendAsync(client));

        Assert.Equal(503, e.Status);
        Assert.Contains($"{new Uri(unavailable.Url).Authority} answers 503 (the test): ", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Send_NodeFallsSilent_IsAnErrorInTime(bool afterItsFirstBytes)
    {
        await using var store = await StoreDouble.StartAsync(async context =>
        {
            if (afterItsFirstBytes)
            {
                await Json(context, "{\"hits\":");
                await context.Response.Body.FlushAsync();
            }

            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        });
        using var client = Client(store.Url, o => o.RequestTimeout = 0.2);

        var e = await Assert.ThrowsAsync<SourceException>(() => SendAsync(client));

        Assert.Contains("did not answer within 0.2 s (the test)", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Send_CallerGivesUp_IsACancellation()
    {
        using var given = new CancellationTokenSource();
        await using var store = await StoreDouble.StartAsync(async context =>
        {
            await given.CancelAsync();
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        });
        using var client = Client(store.Url);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.SendAsync(HttpMethod.GET, "", null, "the test", given.Token).DefaultTimeout());
    }

    [Fact]
    public async Task Send_PageOfAProxy_IsNotTakenForAnAnswer()
    {
        await using var store = await StoreDouble.StartAsync(context =>
        {
            context.Response.ContentType = "text/html";
            return context.Response.WriteAsync("<html>sign in</html>");
        });
        using var client = Client(store.Url);

        var e = await Assert.ThrowsAsync<SourceException>(() => SendAsync(client));

        Assert.Contains("answers with 'text/html' instead of JSON", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Send_Redirect_IsNotFollowed()
    {
        var others = 0;
        await using var other = await StoreDouble.StartAsync(context =>
        {
            others++;
            return Json(context, Fine);
        });
        await using var store = await StoreDouble.StartAsync(context =>
        {
            context.Response.Redirect(other.Url);
            return Task.CompletedTask;
        });
        using var client = Client(store.Url, o => o.Headers["X-Ticket"] = "secret");

        var e = await Assert.ThrowsAsync<SourceException>(() => SendAsync(client));

        Assert.Equal((302, 0), (e.Status, others));
    }

    [Fact]
    public async Task Send_AddressWithAPath_KeepsIt()
    {
        var path = "";
        await using var store = await StoreDouble.StartAsync(context =>
        {
            path = context.Request.Path;
            return Json(context, Fine);
        });
        using var client = Client(store.Url + "/behind/a/proxy");

        using (await SendAsync(client, "_search"))
            Assert.Equal("/behind/a/proxy/_search", path);
    }

    [Fact]
    public void Of_HttpAndHttpsMixed_SaysWhichSetting()
    {
        var e = Assert.Throws<ConfigurationException>(() => Client("", o => o.Hosts = ["http://a:9200", "https://b:9200"]));

        Assert.Contains("Tft:Sources:elasticsearch:Hosts must be all http or all https", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Connect_ConnectionString_GivesAddressAndSignIn()
    {
        var options = new ElasticOptions();

        ElasticKind.Connect(options, "https://elastic:p%40ss@es.example:9200");

        Assert.Equal(("https://es.example:9200/", "elastic", "p@ss"), (options.Url, options.Username, options.Password));
    }

    private static Task Json(HttpContext context, string json)
    {
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(json);
    }

    private static Task<JsonDocument> SendAsync(ElasticClient client, string path = "") =>
        client.SendAsync(HttpMethod.GET, path, null, "the test", CancellationToken.None).DefaultTimeout();

    private static ElasticClient Client(string url, Action<ElasticOptions>? configure = null)
    {
        var options = new ElasticOptions { Url = url };
        configure?.Invoke(options);
        return new ElasticClient(ElasticTransport.Of(options, "Tft:Sources:elasticsearch"), options);
    }
}
