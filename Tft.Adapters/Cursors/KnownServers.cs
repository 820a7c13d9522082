using System.Text;

namespace Tft.Adapters.Cursors;

/// <summary>
/// The servers whose history has been back-filled: one name a line, appended. A torn last line costs one repeated back-fill, of which
/// the service takes only what it lacks.
/// </summary>
internal sealed class KnownServers
{
    private readonly string _path;
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);

    public KnownServers(string path)
    {
        _path = path;
        if (!File.Exists(path))
            return;
        var text = File.ReadAllText(path);
        foreach (var line in text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries))
            _names.Add(line);
    }

    public int Count => _names.Count;

    public bool Contains(string name) => _names.Contains(name);

    public void Add(IEnumerable<string> names)
    {
        var added = new StringBuilder();
        foreach (var name in names)
        {
            if (!name.Contains('\n', StringComparison.Ordinal) && _names.Add(name))
                added.Append(name).Append('\n');
        }

        if (added.Length == 0)
            return;
        Directory.CreateDirectory(Path.GetDirectoryName(_path)!);
        File.AppendAllText(_path, added.ToString());
    }
}
