using System.Diagnostics;
using Tft.Tests.Infrastructure;

namespace Tft.Tests.Sources.MongoDb;

/// <summary>The double is what it claims: an official client that nobody here wrote takes it for a server.</summary>
[Trait("Ring", "component")]
public sealed class MongoDoubleTests
{
    private const string Python = "/usr/bin/python3";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Double_MongoDbsPythonClient_ReadsWritesAndSignsIn(bool tls)
    {
        SkipUnless.True(File.Exists(Python) && await RunAsync("-c", "import pymongo") is (0, _, _), "pymongo is not installed (apt-get install python3-pymongo)");
        using var folder = new TempFolder();
        using var certificate = new TestCertificate(folder);
        await using var server = await MongoDouble.StartAsync(new MongoDoubleOptions { User = "reader@tft", Password = "p,=ss", Certificate = tls ? certificate.Certificate : null });
        var options = "authSource=admin" + (tls ? $"&tls=true&tlsCAFile={Uri.EscapeDataString(certificate.File)}" : "");

        var (code, output, errors) = await RunAsync(
            TestPaths.InRoot("Tft.Tests", "Sources", "MongoDb", "Double", "pymongo_proof.py"),
            $"mongodb://reader%40tft:p%2C%3Dss@{server.Address}/?{options}",
            $"mongodb://reader%40tft:wrong@{server.Address}/?{options}");

        Assert.True(code == 0, errors);
        Assert.Equal("proved", output.Trim());
        Assert.Equal(2500, server.Data.Collection("proof", "metrics").Count);
    }

    private static async Task<(int Code, string Output, string Errors)> RunAsync(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(Python, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync().DefaultTimeout();
        return (process.ExitCode, await output, await errors);
    }
}
