using System.Text.Json;

namespace Tft.Tests.Serving;

/// <summary>Compares an answer with an example of the contract: every field of the example is there, with the same type.</summary>
internal static class JsonShape
{
    /// <summary>Paths where the answer has less than the example or another type; empty when it fits.</summary>
    /// <param name="example">Of the contract.</param>
    /// <param name="answer">Of the service.</param>
    /// <param name="maps">Names of objects whose members are data (servers, metrics): each of the answer is compared with the example's first.</param>
    public static IEnumerable<string> Faults(JsonElement example, JsonElement answer, params string[] maps) => Compare("$", example, answer, maps, "");

    public static JsonElement Example(string name) =>
        JsonDocument.Parse(File.ReadAllText(Infrastructure.TestPaths.InRoot("Tft.Tests", "Serving", "Examples", name))).RootElement;

    private static IEnumerable<string> Compare(string path, JsonElement example, JsonElement answer, string[] maps, string name)
    {
        if (example.ValueKind == JsonValueKind.Null || answer.ValueKind == JsonValueKind.Null)
        {
            // null stands for "not there yet" on either side; a structure is never null where the example has one
            if (answer.ValueKind == JsonValueKind.Null && example.ValueKind is JsonValueKind.Array)
                yield return $"{path} is null";
            yield break;
        }

        if (Kind(example) != Kind(answer))
        {
            yield return $"{path} is {answer.ValueKind}, not {example.ValueKind}";
            yield break;
        }

        switch (example.ValueKind)
        {
            case JsonValueKind.Object when maps.Contains(name):
                var first = example.EnumerateObject().First().Value;
                foreach (var member in answer.EnumerateObject())
                {
                    foreach (var fault in Compare($"{path}.{member.Name}", first, member.Value, maps, ""))
                        yield return fault;
                }

                break;
            case JsonValueKind.Object:
                foreach (var member in example.EnumerateObject())
                {
                    if (!answer.TryGetProperty(member.Name, out var value))
                    {
                        yield return $"{path}.{member.Name} is missing";
                        continue;
                    }

                    foreach (var fault in Compare($"{path}.{member.Name}", member.Value, value, maps, member.Name))
                        yield return fault;
                }

                break;
            case JsonValueKind.Array when example.GetArrayLength() > 0:
                var i = 0;
                foreach (var item in answer.EnumerateArray())
                {
                    foreach (var fault in Compare($"{path}[{i++}]", example[0], item, maps, ""))
                        yield return fault;
                }

                break;
        }
    }

    private static string Kind(JsonElement element) =>
        element.ValueKind is JsonValueKind.True or JsonValueKind.False ? "Boolean" : element.ValueKind.ToString();
}
