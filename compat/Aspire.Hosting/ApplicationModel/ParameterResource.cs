namespace Aspire.Hosting.ApplicationModel;

/// <summary>A value from outside the model: configuration, a literal, or generated.</summary>
public class ParameterResource : Resource, IManifestExpressionProvider, IValueProvider
{
    private readonly Lazy<string> _value;

    public ParameterResource(string name, Func<ParameterDefault?, string> callback, bool secret = false)
        : base(name)
    {
        Secret = secret;
        _value = new Lazy<string>(() => callback(Default));
    }

    public ParameterDefault? Default { get; set; }

    public bool Secret { get; }

    public string? Description { get; set; }

    public bool IsConnectionString { get; set; }

    public string ValueExpression => IsConnectionString ? $"{{{Name}.connectionString}}" : $"{{{Name}.value}}";

    /// <exception cref="MissingParameterValueException">Nothing supplies the value.</exception>
    public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken) => new(_value.Value);
}

/// <summary>A value for a parameter that configuration does not set.</summary>
public abstract class ParameterDefault
{
    public abstract string GetDefaultValue();
}

/// <summary>A random value with at least one lower-case letter, upper-case letter and digit.</summary>
public sealed class GenerateParameterDefault : ParameterDefault
{
    private const string Lower = "abcdefghjkmnpqrstuvwxyz", Upper = "ABCDEFGHJKMNPQRSTUVWXYZ", Digits = "0123456789", Specials = "-_.{}~()*+!";

    public int MinLength { get; set; } = 22;

    public bool Special { get; set; } = true;

    public override string GetDefaultValue()
    {
        string[] kinds = Special ? [Lower, Upper, Digits, Specials] : [Lower, Upper, Digits];
        Span<char> value = stackalloc char[Math.Max(MinLength, kinds.Length)];
        System.Security.Cryptography.RandomNumberGenerator.GetItems(string.Concat(kinds), value);
        for (var i = 0; i < kinds.Length; i++)
            value[i] = System.Security.Cryptography.RandomNumberGenerator.GetItems<char>(kinds[i], 1)[0];
        System.Security.Cryptography.RandomNumberGenerator.Shuffle(value);
        return new string(value);
    }
}

public class MissingParameterValueException(string message) : DistributedApplicationException(message);
