namespace Aspire.Hosting.Running;

/// <summary>
/// Everything that starts one process: the full path of the program, and variables that come on top of the AppHost's own
/// without those in <see cref="NotInherited"/>.
/// </summary>
internal sealed record ProcessSpec(
    string FileName,
    IReadOnlyList<string> Arguments,
    string WorkingDirectory,
    IReadOnlyDictionary<string, string> Variables)
{
    /// <summary>They describe the AppHost itself.</summary>
    public static readonly string[] NotInherited = ["ASPNETCORE_URLS", "DOTNET_LAUNCH_PROFILE", "ASPNETCORE_ENVIRONMENT", "DOTNET_ENVIRONMENT"];
}
