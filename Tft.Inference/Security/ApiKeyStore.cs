using System.Security.Cryptography;
using System.Text;

namespace Tft.Inference.Security;

/// <summary>
/// The keys that open the service: the one of the configuration (<c>Tft:ApiKey</c>, all scopes) and those of <see cref="ApiKeyFile"/>.
/// The file is read again when it changes, so that a revoked key stops working within two seconds.
/// </summary>
internal sealed partial class ApiKeyStore
{
    private static readonly TimeSpan s_recheck = TimeSpan.FromSeconds(2);

    private readonly ApiKeyFile _file;
    private readonly TimeProvider _clock;
    private readonly ILogger<ApiKeyStore> _logger;
    private readonly byte[]? _environmentHash;
    private readonly Lock _reload = new();
    private volatile Entry[] _entries = [];
    private DateTime _fileTime;
    private long _nextCheck;

    public ApiKeyStore(string? environmentKey, ApiKeyFile file, TimeProvider clock, ILogger<ApiKeyStore> logger)
    {
        _file = file;
        _clock = clock;
        _logger = logger;
        _environmentHash = string.IsNullOrEmpty(environmentKey) ? null : SHA256.HashData(Encoding.UTF8.GetBytes(environmentKey));
        _nextCheck = clock.GetTimestamp();
        ReloadIfChanged();
    }

    /// <summary>Whose key this is, or null. Takes the same time whichever key it is: all hashes are compared, each in constant time.</summary>
    public ApiKeyIdentity? Verify(ReadOnlySpan<char> presented)
    {
        ReloadIfChanged();
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        HashOf(presented, hash);

        ApiKeyIdentity? found = null;
        if (_environmentHash is not null && CryptographicOperations.FixedTimeEquals(_environmentHash, hash))
            found = s_environment;
        var now = _clock.GetUtcNow();
        foreach (var entry in _entries)
        {
            if (CryptographicOperations.FixedTimeEquals(entry.Hash, hash) && entry.Stored.IsLive(now))
                found ??= entry.Identity;
        }

        return found;
    }

    private static readonly ApiKeyIdentity s_environment = new("env", KeyScopes.All);

    private static void HashOf(ReadOnlySpan<char> key, Span<byte> hash)
    {
        const int longest = 512;
        // a longer header can't be a key of ours; its own hash would only cost time
        var cut = key.Length <= longest ? key : [];
        Span<byte> utf8 = stackalloc byte[longest * 3];
        SHA256.HashData(utf8[..Encoding.UTF8.GetBytes(cut, utf8)], hash);
    }

    private void ReloadIfChanged()
    {
        if (_clock.GetTimestamp() < Volatile.Read(ref _nextCheck))
            return;
        lock (_reload)
        {
            if (_clock.GetTimestamp() < _nextCheck)
                return;
            Volatile.Write(ref _nextCheck, _clock.GetTimestamp() + (long)(s_recheck.TotalSeconds * _clock.TimestampFrequency));
            var time = File.GetLastWriteTimeUtc(_file.Path);
            if (time == _fileTime)
                return;
            try
            {
                _entries = [.. _file.Load().Select(Entry.Of)];
                _fileTime = time;
                LogLoaded(_entries.Length);
            }
            catch (Exception e) when (e is IOException or InvalidDataException or FormatException or UnauthorizedAccessException)
            {
                // the keys read before stay in force: a broken file neither opens nor closes the door
                LogUnreadable(e.Message);
            }
        }
    }

    [LoggerMessage(2101, LogLevel.Information, "Loaded {Count} API keys from the keys file")]
    private partial void LogLoaded(int count);

    [LoggerMessage(2102, LogLevel.Error, "The keys file can't be read; the keys read before stay in force: {Reason}")]
    private partial void LogUnreadable(string reason);

    private sealed record Entry(byte[] Hash, StoredKey Stored, ApiKeyIdentity Identity)
    {
        public static Entry Of(StoredKey key) => KeyScopesText.TryParse(key.Scopes, out var scopes)
            ? new Entry(Convert.FromHexString(key.Hash), key, new ApiKeyIdentity(key.Id, scopes))
            : throw new InvalidDataException($"Key {key.Id} has unknown scopes '{key.Scopes}'.");
    }
}
