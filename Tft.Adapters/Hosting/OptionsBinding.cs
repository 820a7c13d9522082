using System.ComponentModel.DataAnnotations;

namespace Tft.Adapters.Hosting;

/// <summary>Options from a section: an unknown key, a value that is none and a value out of range are errors that name the key.</summary>
internal static class OptionsBinding
{
    /// <param name="readElsewhere">Keys of the section that are no property.</param>
    /// <exception cref="ConfigurationException">All faults of the section, one a line.</exception>
    public static T Bind<T>(IConfiguration configuration, string section, params string[] readElsewhere)
        where T : class, new()
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var options = new T();
        var known = typeof(T).GetProperties().Select(p => p.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var faults = configuration.GetSection(section).GetChildren().Where(c => !known.Contains(c.Key) && !readElsewhere.Contains(c.Key, StringComparer.OrdinalIgnoreCase))
            .Select(c => $"{section}:{c.Key} is not a setting; there are {string.Join(", ", known.Order(StringComparer.Ordinal))}").ToList();
        if (faults.Count > 0)
            throw new ConfigurationException(faults);

        try
        {
            configuration.GetSection(section).Bind(options);
        }
        catch (InvalidOperationException e)
        {
            throw new ConfigurationException([$"{section}: {e.Message} {e.InnerException?.Message}".TrimEnd()]);
        }

        var results = new List<ValidationResult>();
        if (!Validator.TryValidateObject(options, new ValidationContext(options), results, validateAllProperties: true))
            throw new ConfigurationException([.. results.Select(r => $"{section}:{string.Join(',', r.MemberNames)}: {r.ErrorMessage}")]);
        return options;
    }
}

/// <summary>The configuration can't be used; every fault with its key.</summary>
internal sealed class ConfigurationException(IReadOnlyList<string> faults) : Exception(string.Join(Environment.NewLine, faults))
{
    public IReadOnlyList<string> Faults => faults;
}
