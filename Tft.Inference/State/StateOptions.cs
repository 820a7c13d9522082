using System.Globalization;
using Microsoft.Extensions.Options;
using Tft.ServiceDefaults.Hosting;

namespace Tft.Inference.State;

/// <summary>Which servers are forecast from weeks of history.</summary>
internal enum StateUse
{
    /// <summary>Those with enough history, where the model's networks learned with such states.</summary>
    Auto,

    /// <summary>Those with enough history, whatever the model learned with.</summary>
    Weeks,

    /// <summary>None: all are forecast from their last day.</summary>
    Day,
}

/// <summary>How states are used and renewed.</summary>
/// <param name="Use"><c>Tft:State</c>: auto, weeks or day.</param>
/// <param name="CpuShare"><c>Tft:Renewal:CpuShare</c>: share of one core that renewal may take, over the day.</param>
/// <param name="Path"><c>state.tft</c> of <c>Tft:DataDirectory</c>.</param>
internal sealed record StateOptions(StateUse Use, double CpuShare, string Path)
{
    public const double DefaultShare = 0.25;

    /// <exception cref="OptionsValidationException">Says every wrong key.</exception>
    public static StateOptions Read(IConfiguration configuration)
    {
        List<string> faults = [];
        var use = StateUse.Auto;
        if (configuration["Tft:State"] is { Length: > 0 } text && (!Enum.TryParse(text, ignoreCase: true, out use) || !Enum.IsDefined(use) || char.IsDigit(text[0])))
            faults.Add($"Tft:State is '{text}'; it must be auto, weeks or day.");
        var share = DefaultShare;
        if (configuration["Tft:Renewal:CpuShare"] is { Length: > 0 } cpu && (!double.TryParse(cpu, CultureInfo.InvariantCulture, out share) || share is not (>= 0.01 and <= 1)))
            faults.Add($"Tft:Renewal:CpuShare is '{cpu}'; it must be a share of one core from 0.01 to 1.");
        return faults.Count == 0
            ? new StateOptions(use, share, System.IO.Path.Combine(DataDirectory.Resolve(configuration), "state.tft"))
            : throw new OptionsValidationException(nameof(StateOptions), typeof(StateOptions), faults);
    }
}
