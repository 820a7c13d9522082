using System.CommandLine;

namespace Tft.Inference.Commands;

/// <summary>Ranges of options; a default is right by itself and not looked at.</summary>
internal static class OptionRanges
{
    public static void AtLeast(Option<int> option, int least) => option.Validators.Add(result =>
    {
        if (!result.Implicit && result.GetValueOrDefault<int>() < least)
            result.AddError($"{option.Name} must be at least {least}.");
    });

    public static void Share(Option<double> option) => option.Validators.Add(result =>
    {
        if (!result.Implicit && result.GetValueOrDefault<double>() is not (> 0 and <= 1))
            result.AddError($"{option.Name} must be above 0 and at most 1.");
    });

    public static void From0To1(Option<double> option) => option.Validators.Add(result =>
    {
        if (!result.Implicit && result.GetValueOrDefault<double>() is not (>= 0 and <= 1))
            result.AddError($"{option.Name} must be between 0 and 1.");
    });
}
