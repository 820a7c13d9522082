namespace Tft.Tests.Infrastructure;

public static class TestPaths
{
    /// <summary>Folder that holds Tft.sln.</summary>
    public static string Root { get; } = FindRoot();

    public static string InRoot(params ReadOnlySpan<string> parts) => Path.Combine([Root, .. parts]);

    /// <summary>Path below the folder <c>shared</c> beside the repository; it need not exist.</summary>
    public static string Shared(params ReadOnlySpan<string> parts)
        => Path.Combine([Path.GetDirectoryName(Root) ?? Root, "shared", .. parts]);

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Tft.sln"))) return folder.FullName;

        throw new InvalidOperationException($"No Tft.sln above {AppContext.BaseDirectory}");
    }
}
