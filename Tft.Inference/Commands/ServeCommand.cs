using System.CommandLine;

namespace Tft.Inference.Commands;

/// <summary><c>serve [--port N] [--model DIR|latest]</c>: the service itself. What it is made of stands in <see cref="InferenceService"/>.</summary>
internal static class ServeCommand
{
    public static Command Create()
    {
        var command = new Command("serve", "Takes metrics on /feed and serves forecasts on /predict.");
        AddTo(command);
        return command;
    }

    /// <summary>Gives a command the options and the action of <c>serve</c>; configuration keys go through to the host.</summary>
    public static void AddTo(Command command)
    {
        var port = new Option<int?>("--port")
        {
            Description = "Port on loopback. Without it ASPNETCORE_URLS or --urls, else 8000.",
            HelpName = "N",
        };
        port.Validators.Add(static result =>
        {
            if (result.GetValueOrDefault<int?>() is < 1 or > 65_535)
                result.AddError("--port must be between 1 and 65535.");
        });
        var model = new Option<string?>("--model")
        {
            Description = "Model folder, or 'latest' for the newest valid one.",
            HelpName = "DIR|latest",
        };
        command.Options.Add(port);
        command.Options.Add(model);
        command.TreatUnmatchedTokensAsErrors = false;
        command.SetAction(async (result, cancellationToken) =>
        {
            if (HostArguments.FirstUnknown(result.UnmatchedTokens) is { } unknown)
            {
                await Console.Error.WriteLineAsync($"Unrecognized command or argument '{unknown}'. See --help.");
                return 1;
            }

            string[] arguments = [.. result.UnmatchedTokens, .. HostArguments.Of(result.GetValue(port), result.GetValue(model))];
            await using var service = InferenceService.Build(arguments);
            await service.StartAsync(cancellationToken);
            await service.WaitForShutdownAsync(cancellationToken);
            return 0;
        });
    }
}
