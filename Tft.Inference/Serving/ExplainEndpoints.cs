using System.Buffers;
using System.Text.Json;
using Tft.Contract.Messages;
using Tft.Contract.Problems;
using Tft.Contract.Servers;
using Tft.Contract.Time;
using Tft.Forecasting.Models;
using Tft.Inference.Forecasts;
using Tft.Inference.Forecasts.Snapshots;
using Tft.Inference.Http;
using Tft.Inference.Models;
using Tft.Inference.Serving.Json;
using Tft.Inference.State;
using Tft.Inference.Windows;

namespace Tft.Inference.Serving;

/// <summary>GET /explain/{server}: read out of the model. Without a model there is nothing to read, and nothing is made up.</summary>
internal static class ExplainEndpoints
{
    private static readonly int[] s_leads = [6, 12, 96];

    public static void MapExplain(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/explain/{server}", Explain).WithName("explain")
            .WithSummary("Variable weights and attention of a server's forecast.")
            .Produces<ExplainResponse>().ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);

    private static IResult Explain(string server, SnapshotStore snapshots, ServerRoute route, IFleetWindows windows, ModelStore models, StateSelection states)
    {
        var snapshot = snapshots.Current;
        if (!route.TryFind(server, snapshot, out var found, out var problem))
            return problem;
        if (found.Note.IsFallback)
        {
            return Refused(ProblemCodes.NoModel,
                $"{found.Name} is forecast by the fallback ({found.Note.FallbackReason}), which has no variable weights and no attention.");
        }

        var columns = new WindowColumns();
        var window = new float[ForecastShape.WindowValues];
        var info = windows.Read(found.Number, window, new ServerState[TimeGrid.WindowSteps]);
        columns.Take(window);
        var state = models.Current is { } serving && columns.Moving != 0 ? states.For(found.Number, serving, columns.Moving) : null;
        if (state is not null)
            columns.TakeKnown(window, state.Metrics);
        if (models.Current is not { } model || columns.Values.Length == 0
            || model.Explainer.Explain(columns.Values, info.LastStep, s_leads, state is null ? null : (state.Tables, state.Coefficients)) is not { } explanation)
            return Refused(ProblemCodes.NotExplained, $"The window of {found.Name} has changed since it was forecast; there is nothing to read out of the model now.");
        return Results.Bytes(Write(found, snapshot.Number, info.LastStep, model, columns, explanation), "application/json; charset=utf-8");
    }

    private static ProblemResult Refused(string code, string why) =>
        new(Problem.Of(code, StatusCodes.Status409Conflict, "There is no model to explain", why));

    private static byte[] Write(ServerSnapshot server, long snapshot, long lastStep, ServedModel model, WindowColumns columns, WindowExplanation explanation)
    {
        var buffer = new ArrayBufferWriter<byte>(32_768);
        using var json = new Utf8JsonWriter(buffer, JsonWriting.Options);
        json.WriteStartObject();
        json.WriteString("server_name", server.Name);
        json.WriteNumber("snapshot", snapshot);
        json.WriteString("model_type", model.Info.Type);
        json.WriteString("model_version", model.Version);
        json.WriteTime("origin"u8, TimeGrid.StartSeconds(lastStep + 1));
        json.WriteNumber("step_seconds", TimeGrid.StepSeconds);
        Weights(json, "history_weights", WindowExplanation.HistoryNames, Mean(explanation.History));
        Weights(json, "known_weights", WindowExplanation.FutureNames, Mean(explanation.Future));
        // the recipe's network sees no identity of a server
        Weights(json, "static_weights", [], []);
        json.WriteStartObject("metrics");
        for (var m = 0; m < columns.Values.Length; m++)
        {
            json.WriteStartObject(MetricNames.Of(columns.Metrics[m]));
            Weights(json, "history_weights", WindowExplanation.HistoryNames, explanation.History[m]);
            Weights(json, "known_weights", WindowExplanation.FutureNames, explanation.Future[m]);
            json.WriteStartObject("other_metrics");
            for (var k = 0; k < columns.Values.Length; k++)
            {
                if (explanation.Others[m][k] != 0)
                    json.WriteNumber(MetricNames.Of(columns.Metrics[k]), explanation.Others[m][k]);
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.WriteStartObject("attention");
        json.WriteStartArray("decoder_steps");
        foreach (var lead in s_leads)
            json.WriteNumberValue(lead);
        json.WriteEndArray();
        json.WriteStartArray("over_past");
        foreach (var row in explanation.Attention)
        {
            json.WriteStartArray();
            foreach (var weight in row)
                json.WriteNumberValue(weight);
            json.WriteEndArray();
        }

        json.WriteEndArray();
        json.WriteNumber("past_steps", WindowExplanation.PastSteps);
        json.WriteString("note", $"rows are the decoder steps, columns the {WindowExplanation.PastSteps} past and {ForecastShape.Steps} future steps; means over metrics, heads and networks");
        json.WriteEndObject();
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    private static void Weights(Utf8JsonWriter json, string name, IReadOnlyList<string> names, ReadOnlySpan<float> weights)
    {
        json.WriteStartObject(name);
        for (var i = 0; i < weights.Length; i++)
            json.WriteNumber(names[i], weights[i]);
        json.WriteEndObject();
    }

    private static float[] Mean(float[][] rows)
    {
        var mean = new float[rows[0].Length];
        foreach (var row in rows)
        {
            for (var i = 0; i < mean.Length; i++)
                mean[i] += row[i] / rows.Length;
        }

        return mean;
    }
}
