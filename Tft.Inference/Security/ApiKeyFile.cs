using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Tft.Inference.Security;

/// <summary>
/// The keys of a data directory (<c>keys.json</c>, mode 600): what the commands keys create, list and revoke work on.
/// A change is written to a temporary file and renamed, so a running service never reads half of one.
/// </summary>
internal sealed class ApiKeyFile(string dataDirectory, TimeProvider clock)
{
    private const int IdDigits = 8;

    public string Path { get; } = System.IO.Path.Combine(dataDirectory, "keys.json");

    /// <summary>All keys, revoked ones included; empty where there is no file.</summary>
    /// <exception cref="InvalidDataException">The file is not a list of keys.</exception>
    public List<StoredKey> Load()
    {
        if (!File.Exists(Path))
            return [];
        try
        {
            using var file = File.OpenRead(Path);
            return JsonSerializer.Deserialize(file, StoredKeyJson.Default.ListStoredKey) ?? [];
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{Path} is not a list of keys: {e.Message}", e);
        }
    }

    /// <summary>Makes a key. The answer is the only time that its text is known.</summary>
    public (StoredKey Stored, string Key) Create(KeyScopes scopes, TimeSpan? lifetime = null, string? note = null)
    {
        if (scopes == KeyScopes.None)
            throw new ArgumentException("A key needs at least one scope.", nameof(scopes));
        if (lifetime is { } l && l <= TimeSpan.Zero)
            throw new ArgumentOutOfRangeException(nameof(lifetime), "A key's lifetime must be positive.");

        var id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(IdDigits / 2));
        var key = $"tft_{id}_{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24))}";
        var now = clock.GetUtcNow();
        var stored = new StoredKey
        {
            Id = id,
            Hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key))),
            Scopes = scopes.Name(),
            Created = now,
            Expires = lifetime is { } t ? now + t : null,
            Note = note,
        };
        var keys = Load();
        keys.Add(stored);
        Save(keys);
        return (stored, key);
    }

    /// <summary>False where no live key has this id.</summary>
    public bool Revoke(string id)
    {
        var keys = Load();
        var at = keys.FindIndex(k => k.Id == id && k.Revoked is null);
        if (at < 0)
            return false;
        keys[at] = keys[at] with { Revoked = clock.GetUtcNow() };
        Save(keys);
        return true;
    }

    private void Save(List<StoredKey> keys)
    {
        Directory.CreateDirectory(dataDirectory);
        var temporary = Path + ".new";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var file = new FileStream(temporary, options))
        {
            JsonSerializer.Serialize(file, keys, StoredKeyJson.Default.ListStoredKey);
            file.Flush(flushToDisk: true);
        }

        File.Move(temporary, Path, overwrite: true);
    }
}
