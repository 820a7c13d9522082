using System.IO.Compression;
using System.Text;
using Elastic.Transport;
using Microsoft.AspNetCore.Http;
using Tft.Tests.Infrastructure;
using Tft.Tests.Sources;
using HttpMethod = Elastic.Transport.HttpMethod;

namespace Tft.Tests.Compat;

/// <summary>What the transport promises, the package's and its stand-in's alike; written against public members alone, so that it runs on both.</summary>
[Trait("Ring", "component")]
public sealed class ElasticTransportTests
{
    [Theory]
    [InlineData(null)]
    [InlineData(false)]
    public async Task RequestAsync_Body_ArrivesAsJson(bool? compression)
    {
        var (method, type, encoding, text) = ("", "", "", "");
        await using var store = await StoreDouble.StartAsync(async context =>
        {
            (method, type, encoding) = (context.Request.Method, context.Request.ContentType!, context.Request.Headers.ContentEncoding.ToString());
            await using var body = encoding == "gzip" ? new GZipStream(context.Request.Body, CompressionMode.Decompress) : context.Request.Body;
            using var reader = new StreamReader(body);
            text = await reader.ReadToEndAsync();
            await AnswerAsync(context, 200, "{}");
        });
        var transport = Transport(new SingleNodePool(new Uri(store.Url)), compression);

        foreach (var body in (PostData[])["{\"schön\":1}", PostData.String("{\"schön\":1}"), PostData.ReadOnlyMemory("{\"schön\":1}"u8.ToArray())])
        {
            using var response = await transport.RequestAsync<StreamResponse>(new EndpointPath(HttpMethod.PUT, "index"), body).DefaultTimeout();

            Assert.True(response.ApiCallDetails.HasSuccessfulStatusCode);
            Assert.Equal(("PUT", "application/json", compression == false ? "" : "gzip", "{\"schön\":1}"), (method, type, encoding, text));
        }
    }

    [Fact]
    public async Task RequestAsync_Success_GivesTheAnswersBody()
    {
        await using var store = await StoreDouble.StartAsync(context => AnswerAsync(context, 200, "{\"a\":1}", "application/json; charset=UTF-8"));

        using var response = await Transport(new SingleNodePool(new Uri(store.Url + "/behind"))).RequestAsync<StreamResponse>(new EndpointPath(HttpMethod.GET, "_search?q=1"), null).DefaultTimeout();

        Assert.Equal("{\"a\":1}", await new StreamReader(response.Body).ReadToEndAsync());
        var call = response.ApiCallDetails;
        Assert.Equal((200, true, true, HttpMethod.GET, store.Url + "/behind/_search?q=1"), (call.HttpStatusCode, call.HasSuccessfulStatusCode, call.HasExpectedContentType, call.HttpMethod, call.Uri?.ToString()));
    }

    [Theory]
    [InlineData(400)]
    [InlineData(401)]
    [InlineData(404)]
    [InlineData(429)]
    [InlineData(503)]
    public async Task RequestAsync_ErrorStatus_IsToldWithItsText(int status)
    {
        await using var store = await StoreDouble.StartAsync(context => AnswerAsync(context, status, "{\"error\":\"why\"}"));

        using var response = await Transport(new SingleNodePool(new Uri(store.Url))).RequestAsync<StreamResponse>(new EndpointPath(HttpMethod.GET, ""), null).DefaultTimeout();

        Assert.Equal((status, false), (response.ApiCallDetails.HttpStatusCode, response.ApiCallDetails.HasSuccessfulStatusCode));
        Assert.Equal("{\"error\":\"why\"}", Encoding.UTF8.GetString(response.ApiCallDetails.ResponseBodyInBytes!));
    }

    [Fact]
    public async Task RequestAsync_AnotherType_IsToldAndGivesNoBody()
    {
        await using var store = await StoreDouble.StartAsync(context => AnswerAsync(context, 200, "<html/>", "text/html"));

        using var response = await Transport(new SingleNodePool(new Uri(store.Url))).RequestAsync<StreamResponse>(new EndpointPath(HttpMethod.GET, ""), null).DefaultTimeout();

        Assert.Equal((true, false, "text/html"), (response.ApiCallDetails.HasSuccessfulStatusCode, response.ApiCallDetails.HasExpectedContentType, response.ApiCallDetails.ResponseContentType));
        Assert.Equal("", await new StreamReader(response.Body).ReadToEndAsync());
    }

    [Fact]
    public async Task RequestAsync_NobodyListens_IsToldNotThrown()
    {
        using var response = await Transport(new SingleNodePool(new Uri($"http://127.0.0.1:{Ports.Free()}"))).RequestAsync<StreamResponse>(new EndpointPath(HttpMethod.GET, ""), null).DefaultTimeout();

        Assert.Null(response.ApiCallDetails.HttpStatusCode);
        Assert.IsType<HttpRequestException>(response.ApiCallDetails.OriginalException);
    }

    [Fact]
    public async Task RequestAsync_SeveralNodes_TheFirstThatAnswersIsAskedFromThenOn()
    {
        var asked = new int[2];
        await using var bad = await StoreDouble.StartAsync(context => (asked[0]++, AnswerAsync(context, 502, "{}")).Item2);
        await using var good = await StoreDouble.StartAsync(context => (asked[1]++, AnswerAsync(context, 404, "{}")).Item2);
        var transport = Transport(new StickyNodePool([new Uri($"http://127.0.0.1:{Ports.Free()}"), new Uri(bad.Url), new Uri(good.Url)]));

        for (var i = 0; i < 3; i++)
        {
            using var response = await transport.RequestAsync<StreamResponse>(new EndpointPath(HttpMethod.GET, ""), null).DefaultTimeout();
            Assert.Equal(404, response.ApiCallDetails.HttpStatusCode);
        }

        Assert.Equal([1, 3], asked);
    }

    [Fact]
    public async Task RequestAsync_AllNodesAreDown_TheyAreTriedInTurn()
    {
        var asked = new int[2];
        await using var first = await StoreDouble.StartAsync(context => (asked[0]++, AnswerAsync(context, 503, "{}")).Item2);
        await using var second = await StoreDouble.StartAsync(context => (asked[1]++, AnswerAsync(context, 503, "{}")).Item2);
        var transport = Transport(new StickyNodePool([new Uri(first.Url), new Uri(second.Url)]));

        for (var i = 0; i < 5; i++)
        {
            using var response = await transport.RequestAsync<StreamResponse>(new EndpointPath(HttpMethod.GET, ""), null).DefaultTimeout();
            Assert.Equal(503, response.ApiCallDetails.HttpStatusCode);
        }

        Assert.Equal([3, 3], asked);
    }

    private static DistributedTransport Transport(NodePool pool, bool? compression = null) =>
        new(new TransportConfiguration(pool, new HttpRequestInvoker((handler, _) => Assert.IsType<SocketsHttpHandler>(handler))) { EnableHttpCompression = compression });

    private static Task AnswerAsync(HttpContext context, int status, string body, string type = "application/json")
    {
        (context.Response.StatusCode, context.Response.ContentType) = (status, type);
        return context.Response.WriteAsync(body);
    }
}
