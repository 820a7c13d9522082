using System.Buffers;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace Tft.ServiceDefaults.Health;

/// <summary>The body of GET /health: words only; why a check fails is for the log.</summary>
internal sealed record HealthAnswer(string Status, string Service, bool Running, IReadOnlyList<KeyValuePair<string, string>> Checks)
{
    public int StatusCode => Status is "healthy" or "degraded" ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;

    public static HealthAnswer From(HealthReport report, string service, IHostApplicationLifetime lifetime)
    {
        var started = lifetime.ApplicationStarted.IsCancellationRequested;
        var stopping = lifetime.ApplicationStopping.IsCancellationRequested;
        var status = stopping ? "stopping" : started ? Word(report.Status) : "starting";
        return new HealthAnswer(status, service, started && !stopping, [.. report.Entries.Select(Check)]);
    }

    public ReadOnlyMemory<byte> ToJson()
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        json.WriteString("status"u8, Status);
        json.WriteString("service"u8, Service);
        json.WriteBoolean("running"u8, Running);
        json.WriteStartObject("checks"u8);
        foreach (var (name, word) in Checks) json.WriteString(name, word);
        json.WriteEndObject();
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenMemory;
    }

    private static KeyValuePair<string, string> Check(KeyValuePair<string, HealthReportEntry> entry)
        => new(entry.Key, entry.Value.Data.GetValueOrDefault(HealthOptions.WordKey) as string ?? Word(entry.Value.Status));

    private static string Word(HealthStatus status) => status switch
    {
        HealthStatus.Healthy => "healthy",
        HealthStatus.Degraded => "degraded",
        _ => "unhealthy",
    };
}
