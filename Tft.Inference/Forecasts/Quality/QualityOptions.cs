using Microsoft.Extensions.Options;

namespace Tft.Inference.Forecasts.Quality;

/// <summary>Section <c>Tft:Quality</c>.</summary>
internal sealed class QualityOptions
{
    public const string Section = "Tft:Quality";

    /// <summary>Servers whose forecasts are kept and compared with what came, at 27 KB of memory and 115 KB of disk a day each; the first to arrive. 0 keeps none.</summary>
    public int Servers { get; init; } = 2_000;
}

internal sealed class QualityOptionsValidator : IValidateOptions<QualityOptions>
{
    public ValidateOptionsResult Validate(string? name, QualityOptions options) => options.Servers is >= 0 and <= 1_000_000
        ? ValidateOptionsResult.Success
        : ValidateOptionsResult.Fail($"{QualityOptions.Section}:Servers must be between 0 and 1,000,000, is {options.Servers}.");
}
