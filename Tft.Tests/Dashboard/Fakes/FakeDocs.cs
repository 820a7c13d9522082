using Tft.Contract.Messages;

namespace Tft.Tests.Dashboard.Fakes;

/// <summary>What a service says of itself.</summary>
internal static class FakeDocs
{
    public const string OpenApi = """
        {
          "openapi": "3.1.1",
          "paths": {
            "/feed": { "post": { "summary": "Takes an array of records.", "security": [ { "api_key": [ "feed" ] } ] } },
            "/predict/{server}": { "parameters": [], "get": { "summary": "One server: all 96 steps.", "security": [ { "api_key": [ "read" ] } ] } },
            "/silences/{id}": { "delete": { "security": [ { "api_key": [] } ] } },
            "/broken": 7
          }
        }
        """;

    public static readonly ThresholdsResponse Thresholds = new(
    [
        new("cpu_used", "cpu_idle_pct", null, new(80, 90, 95, 100), new Dictionary<string, ThresholdValues>()),
        new("mem_used_pct", "mem_used_pct", null, new(85, 90, 95, 100), new Dictionary<string, ThresholdValues> { ["database"] = new(95, 97, 99, 100) }),
        new("load_average", "load_average", "own_median", new(2, 3, 4, 6), new Dictionary<string, ThresholdValues>()),
        new("back_close_wait", "back_close_wait", "profile", new(3, 5, 8, 12), new Dictionary<string, ThresholdValues>()),
    ]);
}
