using System.Text;
using System.Text.Json;
using Tft.Tests.Infrastructure;

namespace Tft.Tests.Sources.Distributed.Stores;

/// <summary>JSON lines that grow. Stopping is rotation: the file goes away under another name, in which its writer still goes on.</summary>
internal sealed class FilesUnderTest : SourceUnderTest
{
    private readonly TempFolder _folder = new();
    private string _writing = "";

    public override string Adapter => "files";

    public override bool TakesRowsWhileStopped => true;

    public override Task StartAsync()
    {
        _writing = Path;
        File.WriteAllText(Path, "");
        return Task.CompletedTask;
    }

    public override Task StopAsync()
    {
        File.Move(Path, _writing = Path + ".1");
        return Task.CompletedTask;
    }

    public override IEnumerable<(string Key, string Value)> Settings(int port) => [("Sources:files:Path", Path)];

    public override Task AddAsync(IReadOnlyList<Sample> rows) => AppendAsync(Text(rows));

    public override Task<Func<Task>> AddAllButHalfARowAsync(IReadOnlyList<Sample> rows)
    {
        return AddAsync();

        async Task<Func<Task>> AddAsync()
        {
            var text = Text(rows);
            var cut = text.Length - 30;
            await AppendAsync(text[..cut]);
            return () => AppendAsync(text[cut..]);
        }
    }

    /// <summary>And lines that are no rows at all.</summary>
    public override async Task<IReadOnlyList<Sample>> AddSurprisesAsync(IReadOnlyList<Sample> rows)
    {
        var surprises = JsonSurprises.Of(rows);
        await AppendAsync(string.Concat(surprises.Select(s => s.Json + "\n")) + "{\"server_name\": \"no time\"}\n\n[1, 2]\nnot JSON\n");
        return [.. surprises.Select(s => s.Read)];
    }

    public override bool HasReadTheDay(JsonElement cursor)
    {
        if (!cursor.TryGetProperty("position", out var position) || position.ValueKind == JsonValueKind.Null)
            return false;
        using var files = JsonDocument.Parse(position.GetString()!);
        return files.RootElement.EnumerateArray().Sum(f => f.GetProperty("offset").GetInt64()) == new FileInfo(Path).Length;
    }

    public override ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    private string Path => _folder.File("metrics.jsonl");

    private static string Text(IReadOnlyList<Sample> rows) => string.Concat(rows.Select(r => r.Json() + "\n"));

    private Task AppendAsync(string text) => File.AppendAllTextAsync(_writing, text, new UTF8Encoding(false));
}
