using System.Text.Json.Nodes;

/// <summary>What is not acknowledged yet: a file for each batch, so that it survives a kill.</summary>
internal sealed class Spool
{
    private readonly string _folder;
    private readonly string _refused;
    private readonly int _max;
    private int _number;

    public Spool(string folder, int max)
    {
        (_folder, _refused, _max) = (folder, Path.Combine(folder, "refused"), max);
        Directory.CreateDirectory(_refused);
    }

    public string Folder => _folder;

    public int Count => Files(_folder).Length;

    public bool IsFull => Count >= _max;

    /// <summary>The batch that has waited longest; null when all is acknowledged.</summary>
    public string? Oldest => Files(_folder).FirstOrDefault();

    public void Keep(JsonArray records)
    {
        Write($"{DateTimeOffset.UtcNow.ToUnixTimeMilliseconds()}-{++_number:000000}", records);
        foreach (var oldest in Files(_folder).SkipLast(_max))
        {
            Console.Error.WriteLine($"dropped {oldest}: more than {_max} batches wait");
            File.Delete(oldest);
        }
    }

    /// <summary>In two, at the place of the whole. The whole goes last: a kill between costs a repetition and no record.</summary>
    public void Split(string file, JsonArray records)
    {
        var name = Path.GetFileNameWithoutExtension(file);
        var half = records.Count / 2;
        Write(name + "-a", [.. records.Take(half).Select(r => r!.DeepClone())]);
        Write(name + "-b", [.. records.Skip(half).Select(r => r!.DeepClone())]);
        File.Delete(file);
    }

    public void PutAside(string file, string why)
    {
        var aside = Path.Combine(_refused, Path.GetFileName(file));
        File.Move(file, aside, overwrite: true);
        Console.Error.WriteLine($"refused ({why}), put aside: {aside}");
        foreach (var oldest in Files(_refused).SkipLast(_max))
            File.Delete(oldest);
    }

    private static string[] Files(string folder) => [.. Directory.GetFiles(folder, "*.json").Order(StringComparer.Ordinal)];

    private void Write(string name, JsonArray records)
    {
        var file = Path.Combine(_folder, name + ".json");
        using (var stream = File.Create(file + ".part"))
        {
            stream.Write(System.Text.Encoding.UTF8.GetBytes(records.ToJsonString()));
            stream.Flush(flushToDisk: true);
        }

        File.Move(file + ".part", file, overwrite: true);
    }
}
