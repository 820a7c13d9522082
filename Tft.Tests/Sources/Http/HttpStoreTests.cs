using Microsoft.AspNetCore.Http;
using Tft.Adapters.Sources;
using Tft.Adapters.Sources.Http;
using Tft.Adapters.Sources.Prometheus;
using Tft.Tests.Infrastructure;

namespace Tft.Tests.Sources.Http;

[Trait("Ring", "component")]
public sealed class HttpStoreTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Send_StoreFallsSilent_IsAnErrorInTime(bool afterItsFirstBytes)
    {
        await using var store = await StoreDouble.StartAsync(async context =>
        {
            if (afterItsFirstBytes)
            {
                await context.Response.WriteAsync("{\"status\":");
                await context.Response.Body.FlushAsync();
            }

            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        });

        var e = await Assert.ThrowsAsync<SourceException>(() => SendAsync(store.Url));

        Assert.Contains("did not answer within 0.2 s (the test)", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Send_AnswerIsCut_SaysSo()
    {
        await using var store = await StoreDouble.StartAsync(async context =>
        {
            context.Response.ContentLength = 1000;
            await context.Response.WriteAsync("{\"status\":");
            await context.Response.Body.FlushAsync();
            context.Abort();
        });

        var e = await Assert.ThrowsAsync<SourceException>(() => SendAsync(store.Url, timeout: 30));

        Assert.Contains($"the answer of {new Uri(store.Url).Authority} is cut (the test)", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Send_CertificateOfAPrivateAuthority_IsTrustedOnlyByItsFile()
    {
        using var folder = new TempFolder();
        using var certificate = new TestCertificate(folder);
        await using var store = await StoreDouble.StartAsync(context => context.Response.WriteAsync("fine"), certificate: certificate.Certificate);

        await SendAsync(store.Url, 30, certificate.File);
        var e = await Assert.ThrowsAsync<SourceException>(() => SendAsync(store.Url, 30));

        Assert.Contains("does not answer", e.Message, StringComparison.Ordinal);
        Assert.EndsWith("; name the file of its authority with ca_file, and the host as the certificate does", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(401, "; check username and password, or the key or token")]
    [InlineData(403, "; whoever signs in here has no right to read that")]
    [InlineData(404, "; check url and its path, the kind and version of the store, and the name of what is read")]
    [InlineData(308, "; redirects are not followed: name the address that they lead to")]
    [InlineData(400, ": as the store says")]
    public async Task Send_StoreRefuses_SaysInOneLineWhatToDo(int status, string end)
    {
        await using var store = await StoreDouble.StartAsync(context =>
        {
            context.Response.StatusCode = status;
            return context.Response.WriteAsync("as the store says\n");
        });

        var e = await Assert.ThrowsAsync<SourceException>(() => SendAsync(store.Url, timeout: 30));

        Assert.EndsWith(end, e.Message, StringComparison.Ordinal);
        Assert.Contains("as the store says", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', e.Message);
    }

    [Fact]
    public async Task Send_NobodyListens_AsksForTheUrl()
    {
        var e = await Assert.ThrowsAsync<SourceException>(() => SendAsync($"http://127.0.0.1:{Ports.Free()}", timeout: 30));

        Assert.EndsWith("; is the store started, and url right?", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Send_TlsToAStoreWithoutIt_SaysSo()
    {
        await using var store = await StoreDouble.StartAsync(context => context.Response.WriteAsync("fine"));

        var e = await Assert.ThrowsAsync<SourceException>(() => SendAsync(store.Url.Replace("http:", "https:", StringComparison.Ordinal), timeout: 30));

        Assert.EndsWith("; if the store speaks no TLS, url begins with http://", e.Message, StringComparison.Ordinal);
    }

    private static async Task SendAsync(string url, double timeout = 0.2, string authorities = "")
    {
        using var store = new HttpStore(new PrometheusOptions { Url = url, RequestTimeout = timeout, CaFile = authorities }, "test");
        using var request = new HttpRequestMessage(HttpMethod.Get, "");
        using var answer = await store.SendAsync(request, "the test", CancellationToken.None).DefaultTimeout();
    }
}
