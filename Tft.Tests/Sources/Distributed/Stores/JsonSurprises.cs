using System.Text.Json.Nodes;

namespace Tft.Tests.Sources.Distributed.Stores;

/// <summary>Rows of JSON whose shape nobody announced, and what is to be read from each.</summary>
internal static class JsonSurprises
{
    /// <param name="rows">Five.</param>
    public static IReadOnlyList<(string Json, Sample Read)> Of(IReadOnlyList<Sample> rows) =>
    [
        // a number as a text is still that number
        (With(rows[0], row => row["cpu_user_pct"] = $"{row["cpu_user_pct"]}"), rows[0]),
        (With(rows[1], row => row["cpu_user_pct"] = "n/a"), rows[1] with { Cpu = null }),
        (With(rows[2], row => row.Remove("mem_used_pct")), rows[2] with { Mem = null }),
        (With(rows[3], row => row["cpu_user_pct"] = new JsonObject { ["value"] = row["cpu_user_pct"]!.DeepClone(), ["unit"] = "%" }), rows[3] with { Cpu = null }),
        (With(rows[4], row => row["somethingNew"] = new JsonArray(1, "two", new JsonObject { ["deep"] = true })), rows[4]),
    ];

    private static string With(Sample row, Action<JsonObject> change)
    {
        var json = JsonNode.Parse(row.Json())!.AsObject();
        change(json);
        return json.ToJsonString();
    }
}
