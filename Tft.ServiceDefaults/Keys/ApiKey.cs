namespace Tft.ServiceDefaults.Keys;

/// <summary>An API key and where it was found. Its text form names the place, never the key.</summary>
public sealed class ApiKey
{
    /// <summary>Long enough for any key; a longer value is a mistake, such as a pasted file.</summary>
    private const int MaxLength = 512;

    private ApiKey(string value, string origin)
    {
        Value = value;
        Origin = origin;
    }

    public string Value { get; }

    /// <summary>For people: a setting's name or a file's path.</summary>
    public string Origin { get; }

    /// <summary>A key travels in a header: visible ASCII without spaces.</summary>
    /// <exception cref="InvalidOperationException">It cannot be a key; the message names the place and not the value.</exception>
    public static ApiKey Create(string value, string origin)
        => value.Length is > 0 and <= MaxLength && value.All(static c => c is > ' ' and < (char)127)
            ? new ApiKey(value, origin)
            : throw new InvalidOperationException(
                $"{origin}: the API key must be 1 to {MaxLength} visible ASCII characters without spaces.");

    public override string ToString() => $"API key from {Origin}";
}
