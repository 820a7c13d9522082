using System.Reflection;

namespace Tft.AppHost;

/// <summary>A setting that can't be used is one clear line and exit code 1, not a stack trace.</summary>
internal static class SettingsErrors
{
    public static void Report(Action run)
    {
        ArgumentNullException.ThrowIfNull(run);
        try
        {
            run();
        }
        catch (Exception failure) when (IsForPeople(failure) && IsOwnProcess())
        {
            Console.Error.WriteLine($"error: {failure.Message}");
            Environment.ExitCode = 1;
        }
    }

    /// <summary>These say in their text what is wrong with which setting, or with the machine.</summary>
    internal static bool IsForPeople(Exception failure) =>
        failure is DistributedApplicationException or NotSupportedException or IOException or UnauthorizedAccessException;

    /// <summary>A test that runs Program in its own process wants the exception itself.</summary>
    private static bool IsOwnProcess() => Assembly.GetEntryAssembly() == typeof(SettingsErrors).Assembly;
}
