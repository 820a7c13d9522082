using Microsoft.Extensions.Options;
using Tft.Contract.Servers;

namespace Tft.Inference.Cascades;

/// <summary>Section <c>Tft:Cascades</c>.</summary>
internal sealed class CascadeOptions
{
    public const string Section = "Tft:Cascades";
    public const int MostDependencies = 10_000;

    /// <summary>What depends on what, as operators know it.</summary>
    public List<DependencyOptions> Dependencies { get; init; } = [];

    /// <summary>Time between two looks at the fleet.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(30);
}

/// <summary><see cref="Of"/> depends on <see cref="On"/>: each a profile, or a server's name in which <c>*</c> stands for any characters.</summary>
internal sealed class DependencyOptions
{
    public string? Of { get; init; }
    public string? On { get; init; }
}

internal sealed class CascadeOptionsValidator : IValidateOptions<CascadeOptions>
{
    public ValidateOptionsResult Validate(string? name, CascadeOptions options)
    {
        var failures = new List<string>();
        if (options.Interval < TimeSpan.FromSeconds(5) || options.Interval > TimeSpan.FromHours(1))
            failures.Add($"{CascadeOptions.Section}:Interval must be between 5 s and 1 h, is {options.Interval}.");
        if (options.Dependencies.Count > CascadeOptions.MostDependencies)
            failures.Add($"{CascadeOptions.Section}:Dependencies has {options.Dependencies.Count} entries, of at most {CascadeOptions.MostDependencies}.");
        for (var i = 0; i < Math.Min(options.Dependencies.Count, CascadeOptions.MostDependencies); i++)
        {
            var at = $"{CascadeOptions.Section}:Dependencies:{i}";
            Check(options.Dependencies[i].Of, $"{at}:Of", failures);
            Check(options.Dependencies[i].On, $"{at}:On", failures);
            if (options.Dependencies[i] is { Of: { } of, On: { } on } && of == on && !ServerProfiles.TryParse(of, out _) && !of.Contains('*', StringComparison.Ordinal))
                failures.Add($"{at}: '{of}' can't depend on itself.");
        }

        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private static void Check(string? text, string at, List<string> failures)
    {
        if (string.IsNullOrWhiteSpace(text))
            failures.Add($"{at} is missing: a profile ({string.Join(", ", ServerProfiles.Names)}) or a server's name, in which * stands for any characters.");
        else if (text.Length > 253)
            failures.Add($"{at} has {text.Length} characters, of at most 253.");
    }
}
