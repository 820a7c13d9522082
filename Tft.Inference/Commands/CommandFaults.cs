using System.CommandLine;

namespace Tft.Inference.Commands;

/// <summary>How commands end: what is wrong with files and settings is a line on standard error, not a stack.</summary>
internal static class CommandFaults
{
    /// <summary>Gives a command its action, which returns the exit code; 1 where it failed.</summary>
    public static void SetActionThatMayFail(this Command command, Func<ParseResult, CancellationToken, int> action) =>
        command.SetAction((result, cancellation) => Task.Run(() => Run(action, result, cancellation), CancellationToken.None));

    private static int Run(Func<ParseResult, CancellationToken, int> action, ParseResult result, CancellationToken cancellation)
    {
        try
        {
            return action(result, cancellation);
        }
        catch (Exception e) when (e is InvalidDataException or InvalidOperationException or FormatException or IOException or UnauthorizedAccessException)
        {
            result.InvocationConfiguration.Error.WriteLine(e.Message);
            return 1;
        }
    }
}
