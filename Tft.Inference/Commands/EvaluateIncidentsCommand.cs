using System.CommandLine;
using Microsoft.Extensions.Logging.Abstractions;
using Tft.Inference.Alerts;
using Tft.Inference.Forecasts;
using Tft.Inference.Forecasts.Fallback;
using Tft.Inference.Incidents;
using Tft.Inference.Models;

namespace Tft.Inference.Commands;

/// <summary><c>evaluate-incidents --model DIR --data DIR</c>: replays simulated servers and says how early their incidents are seen, beside the fallback.</summary>
internal static class EvaluateIncidentsCommand
{
    public static Command Create()
    {
        var model = new Option<string>("--model") { Description = "Model folder, or 'latest': the one that the service would take.", HelpName = "DIR", DefaultValueFactory = static _ => ModelOptions.Latest };
        var data = new Option<string>("--data") { Description = "Folder that 'simulate --out' wrote.", HelpName = "DIR", Required = true };
        var json = new Option<string?>("--json") { Description = "Writes the report as JSON.", HelpName = "FILE" };
        var servers = new Option<string?>("--servers") { Description = "Only these servers.", HelpName = "A,B,..." };
        var every = new Option<int>("--every") { Description = "Steps of five minutes from origin to origin.", HelpName = "N", DefaultValueFactory = static _ => 3 };
        var threads = new Option<int>("--threads") { Description = "Threads.", HelpName = "N", DefaultValueFactory = static _ => 2 };
        var none = new Option<bool>("--no-incidents") { Description = "None is known: of servers that nobody labelled, all alarms count as false, and how many came true is said." };
        var origins = new Option<bool>("--origins-only") { Description = "Leaves the service's alerts out, which take a forecast of every five minutes." };
        var sweep = new Option<bool>("--sweep") { Description = "Compares thresholds and stabilities of the alerts on the forecast." };
        var svg = new Option<string?>("--svg") { Description = "Draws that comparison.", HelpName = "FILE" };
        var command = new Command("evaluate-incidents", "Says how early simulated incidents are seen, and at how many false alarms and alerts, beside the fallback.")
        {
            model, data, json, servers, every, threads, none, origins, sweep, svg,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(origins) && (result.GetValue(sweep) || result.GetValue(svg) is not null))
                result.AddError("--origins-only leaves out what --sweep and --svg compare.");
        });
        OptionRanges.AtLeast(every, 1);
        OptionRanges.AtLeast(threads, 1);
        command.SetActionThatMayFail((result, cancellation) =>
        {
            var text = result.InvocationConfiguration.Output;
            var (forecaster, loaded) = Load(result.GetRequiredValue(model), result.GetValue(threads));
            var folder = result.GetRequiredValue(data);
            var incidents = result.GetValue(none) ? [] : TrueIncident.Read(folder);
            var series = SeriesFolder.Read(folder, 1, SeriesFolder.Names(result.GetValue(servers)));
            var replay = new AlarmReplay([forecaster, new BaseForecaster(loaded), new FallbackForecaster()], result.GetValue(every));
            List<AlarmTrack> ours = [], alone = [], plain = [];
            foreach (var server in series)
            {
                cancellation.ThrowIfCancellationRequested();
                var tracks = replay.Run(server);
                ours.Add(tracks[0]);
                alone.Add(tracks[1]);
                plain.Add(tracks[2]);
            }

            var drawing = result.GetValue(svg);
            var service = result.GetValue(origins)
                ? null
                : ServiceReport.Of(
                    [Replay("tft", forecaster), Replay("rules", new FallbackForecaster())], incidents);
            var report = IncidentReport.Of([("tft", ours), ("base", alone), ("rules", plain)], incidents) with { Service = service };
            text.WriteLine($"{forecaster.Model.Version}, {series.Count} servers");
            text.Write(report.ToText());
            if (result.GetValue(json) is { } path)
                File.WriteAllText(path, report.ToJson() + "\n");
            if (drawing is not null && service is not null)
                File.WriteAllText(drawing, SweepChart.Draw(service));
            return 0;

            (string Name, OperatorRecord Service, IReadOnlyList<OperatorRecord> Sweep) Replay(string name, IForecaster by)
            {
                var compared = result.GetValue(sweep) || drawing is not null ? AlertSweep.Rules : [];
                var records = ServiceReplay.Run(by, series, [AlertRules.Default, .. compared], cancellation);
                return (name, records[0], [.. records.Skip(1)]);
            }
        });
        return command;
    }

    /// <summary>The service's forecaster with this model.</summary>
    private static (TftForecaster Forecaster, ServedModel Model) Load(string choice, int threads)
    {
        var options = ModelOptions.Read(new ConfigurationBuilder().Build()) with { Choice = ModelOptions.None, Workers = threads };
        var store = new ModelStore(options, TimeProvider.System, NullLogger<ModelStore>.Instance);
        var reasons = new List<string>();
        foreach (var folder in choice == ModelOptions.Latest ? store.Folders() : [Path.GetFullPath(choice)])
        {
            if (store.TryActivate(folder, out var refused, out _))
                return (new TftForecaster(store, options, new ForecastThreads(options), NullLogger<TftForecaster>.Instance), store.Current!);
            reasons.Add(refused);
        }

        throw new InvalidDataException(reasons.Count == 0 ? $"'{options.Directory}' holds no model." : string.Join(" ", reasons));
    }
}
