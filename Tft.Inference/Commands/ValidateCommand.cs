using System.CommandLine;
using Tft.Inference.Commands.Validation;

namespace Tft.Inference.Commands;

/// <summary><c>validate FILE</c>: every fault of a file of records with its row; exit code 1 where there is one.</summary>
internal static class ValidateCommand
{
    public static Command Create()
    {
        var file = new Argument<FileInfo>("FILE") { Description = "Records as .parquet, or as .csv, .jsonl or .json (an array), each also as .gz." };
        file.AcceptExistingOnly();
        var most = new Option<int>("--show") { Description = "Faults to print at most.", HelpName = "N", DefaultValueFactory = static _ => 1000 };
        var command = new Command("validate", "Checks a file of records against the contract.") { file, most };
        command.SetAction(result =>
        {
            var output = result.InvocationConfiguration.Output;
            try
            {
                var report = RecordFile.Validate(result.GetRequiredValue(file).FullName, TimeProvider.System.GetUtcNow().ToUnixTimeSeconds());
                report.Print(output, result.GetValue(most));
                return report.IsClean ? 0 : 1;
            }
            catch (InvalidDataException e)
            {
                result.InvocationConfiguration.Error.WriteLine(e.Message);
                return 1;
            }
        });
        return command;
    }
}
