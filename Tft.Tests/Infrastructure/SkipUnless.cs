using Tft.ServiceDefaults.Hosting;

namespace Tft.Tests.Infrastructure;

/// <summary>Skips a test at run time, with the reason in the report, where the machine lacks what it needs.</summary>
public static class SkipUnless
{
    // The assertion library of xunit 2.9 uses the same one; SkippingTestFramework makes the runner understand it.
    internal const string Marker = "$XunitDynamicSkip$";

    public static void True(bool condition, string reason)
    {
        if (!condition) throw new SkippedException(Marker + reason);
    }

    /// <summary>Absolute path of a program on PATH; skips without it.</summary>
    public static string Program(string name)
    {
        var path = ProgramPath.Find(name);
        True(path is not null, $"{name} is not on PATH");
        return path!;
    }

    /// <summary>Path below the folder <c>shared</c> beside the repository; skips without it.</summary>
    public static string Shared(params ReadOnlySpan<string> parts)
    {
        var path = TestPaths.Shared(parts);
        True(Path.Exists(path), $"shared/{string.Join('/', parts)} is not beside the repository");
        return path;
    }

    private sealed class SkippedException(string message) : Exception(message);
}
