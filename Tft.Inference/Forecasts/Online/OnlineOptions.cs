using Microsoft.Extensions.Options;

namespace Tft.Inference.Forecasts.Online;

/// <summary>Section <c>Tft:Online</c>.</summary>
internal sealed class OnlineOptions
{
    public const string Section = "Tft:Online";

    /// <summary>Servers whose forecasts follow what came, at 7 KB each; the first to arrive. The others are forecast as the model has it. 0: none.</summary>
    public int Servers { get; init; } = 200_000;
}

internal sealed class OnlineOptionsValidator : IValidateOptions<OnlineOptions>
{
    public ValidateOptionsResult Validate(string? name, OnlineOptions options) => options.Servers is >= 0 and <= 1_000_000
        ? ValidateOptionsResult.Success
        : ValidateOptionsResult.Fail($"{OnlineOptions.Section}:Servers must be between 0 and 1,000,000, is {options.Servers}.");
}
