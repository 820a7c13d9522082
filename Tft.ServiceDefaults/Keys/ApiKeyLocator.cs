using System.Security.Cryptography;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Tft.ServiceDefaults.Keys;

/// <summary>
/// Finds this process's API key: its own setting <c>Tft:ApiKey</c> (an AppHost sets it), then <c>.env</c> in the working
/// folder or a parent, then the variable <c>TFT_API_KEY</c>.
/// </summary>
public sealed class ApiKeyLocator
{
    public const string Setting = "Tft:ApiKey";
    public const string Variable = "TFT_API_KEY";

    /// <summary>Without a key, the places are looked at again after this long: inference may be about to write one.</summary>
    private static readonly TimeSpan MissTtl = TimeSpan.FromSeconds(2);

    private readonly IConfiguration _configuration;
    private readonly string _workingFolder;
    private readonly TimeProvider _clock;
    private volatile ApiKey? _found;
    private long _missedAt = long.MinValue;

    [ActivatorUtilitiesConstructor]
    public ApiKeyLocator(IConfiguration configuration, TimeProvider clock)
        : this(configuration, Directory.GetCurrentDirectory(), clock)
    {
    }

    public ApiKeyLocator(IConfiguration configuration, string workingFolder, TimeProvider? clock = null)
    {
        _configuration = configuration;
        _workingFolder = workingFolder;
        _clock = clock ?? TimeProvider.System;
    }

    /// <summary>The key, kept once found; null if there is none yet.</summary>
    /// <exception cref="InvalidOperationException">The first place that has a value has one that cannot be a key.</exception>
    public ApiKey? Find()
    {
        if (_found is { } known) return known;

        var missedAt = Interlocked.Read(ref _missedAt);
        if (missedAt != long.MinValue && _clock.GetElapsedTime(missedAt) < MissTtl) return null;

        _found = Look();
        if (_found is null) Interlocked.Exchange(ref _missedAt, _clock.GetTimestamp());
        return _found;
    }

    /// <summary>The key; without one, a fresh one is written to <c>.env</c> at the solution's root, else in the working folder.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public ApiKey FindOrCreate()
    {
        if (Look() is { } found) return _found = found;

        var path = DotEnv.DefaultPath(_workingFolder);
        var value = DotEnv.WriteIfAbsent(path, Variable, Generate());
        return _found = ApiKey.Create(value, path);
    }

    /// <summary>The key was refused: look at the places again, it may have been rotated.</summary>
    public void Forget()
    {
        _found = null;
        Interlocked.Exchange(ref _missedAt, long.MinValue);
    }

    /// <summary>256 random bits, base64url.</summary>
    public static string Generate() => "tft_" + System.Buffers.Text.Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    private ApiKey? Look()
    {
        if (_configuration[Setting] is { Length: > 0 } own) return ApiKey.Create(own, Setting);
        if (DotEnv.FindUpwards(_workingFolder, Variable) is { } file) return ApiKey.Create(file.Value, file.Path);
        return _configuration[Variable] is { Length: > 0 } variable ? ApiKey.Create(variable, Variable) : null;
    }
}
