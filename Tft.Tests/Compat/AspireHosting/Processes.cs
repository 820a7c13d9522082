namespace Tft.Tests.Compat.AspireHosting;

internal static class Processes
{
    /// <summary>Runs, and is not merely unburied: a container's first process may not reap what it inherits.</summary>
    public static bool IsAlive(int processId)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{processId}/stat");
            return stat[(stat.LastIndexOf(')') + 2)..][0] is not ('Z' or 'X');
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
