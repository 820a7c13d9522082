using System.Globalization;
using Microsoft.Extensions.Options;

namespace Tft.Inference.Serving.History;

/// <summary><c>Tft:ExportMegabytes</c>: the most text that an export may put on the disk.</summary>
internal static class ExportLimit
{
    public const long Megabyte = 1024 * 1024;
    private const string Setting = "Tft:ExportMegabytes";
    private const int Default = 4096;

    /// <exception cref="OptionsValidationException">The setting is no whole number from 1 to 1,048,576.</exception>
    public static long Bytes(IConfiguration configuration)
    {
        var megabytes = Default;
        if (configuration[Setting] is { Length: > 0 } text && (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out megabytes) || megabytes is < 1 or > 1_048_576))
            throw new OptionsValidationException(nameof(ExportLimit), typeof(ExportLimit), [$"{Setting} is '{text}'; it must be a whole number of megabytes from 1 to 1048576."]);
        return megabytes * Megabyte;
    }
}
