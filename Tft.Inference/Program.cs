using System.CommandLine;
using Tft.Inference.Commands;
using Tft.Inference.Commands.Train;

var root = new RootCommand("Forecasts every server of a fleet eight hours ahead. Without a command it serves.")
{
    ServeCommand.Create(),
    KeysCommand.Create(),
    ValidateCommand.Create(),
    TrainCommand.Create(),
    CalibrateCommand.Create(),
    EvaluateCommand.Create(),
    EvaluateBaselinesCommand.Create(),
    EvaluateIncidentsCommand.Create(),
};
ServeCommand.AddTo(root);

// The host ends itself on Ctrl-C and SIGTERM, in its own time.
return await root.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
