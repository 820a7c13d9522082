using System.Globalization;
using System.Text.Json.Serialization;
using Tft.Forecasting.Evaluation;

namespace Tft.Forecasting.Models;

/// <summary>Whether a trained model may serve: its loss over all leads of the test part beside seasonal naive, which is 1, and beside the model before it.</summary>
public sealed record Promotion
{
    /// <summary>Loss relative to seasonal naive, over all leads.</summary>
    [JsonPropertyName("rel_ql")]
    public required double RelQl { get; init; }

    /// <summary>The model that served before, of the same metrics; null where there is none.</summary>
    [JsonPropertyName("active")]
    public string? Active { get; init; }

    /// <summary>Its loss on the same test part.</summary>
    [JsonPropertyName("active_rel_ql")]
    public double? ActiveRelQl { get; init; }

    /// <summary>The model that was continued, where it is not the active one.</summary>
    [JsonPropertyName("parent")]
    public string? Parent { get; init; }

    /// <summary>Its loss on the same test part.</summary>
    [JsonPropertyName("parent_rel_ql")]
    public double? ParentRelQl { get; init; }

    [JsonPropertyName("promoted")]
    public required bool Promoted { get; init; }

    [JsonPropertyName("reason")]
    public required string Reason { get; init; }

    /// <summary>Promoted is what is ahead of seasonal naive and of the active model; a draw is not ahead.</summary>
    /// <param name="table">Scores of the new model.</param>
    /// <param name="active">Name of the active model, or null.</param>
    /// <param name="activeTable">Its scores on the same part, or null.</param>
    /// <param name="parent">Name of the model that was continued, where it is another one.</param>
    /// <param name="parentTable">Its scores on the same part, or null.</param>
    public static Promotion Of(ScoreTable table, string? active, ScoreTable? activeTable, string? parent = null, ScoreTable? parentTable = null)
    {
        var (own, other) = (table.Rows["all"].RelQl, activeTable?.Rows["all"].RelQl);
        var beatsNaive = own < 1;
        var beatsActive = other is not { } loss || own < loss;
        var parentLoss = parentTable?.Rows["all"].RelQl;
        var beatsParent = parentLoss is not { } before || own < before;
        var naive = string.Create(CultureInfo.InvariantCulture, $"{(beatsNaive ? "ahead" : "not ahead")} of seasonal naive (rel_ql {own:F4} over all leads)");
        var comparison = other is null ? "there is no active model of these metrics" : string.Create(CultureInfo.InvariantCulture, $"{(beatsActive ? "ahead" : "not ahead")} of {active} ({other:F4})");
        var continued = parentLoss is null ? "" : string.Create(CultureInfo.InvariantCulture, $"; {(beatsParent ? "ahead" : "not ahead")} of {parent}, which it continues ({parentLoss:F4})");
        return new Promotion
        {
            RelQl = own,
            Active = active,
            ActiveRelQl = other,
            Parent = parentLoss is null ? null : parent,
            ParentRelQl = parentLoss,
            Promoted = beatsNaive && beatsActive && beatsParent,
            Reason = $"{naive}; {comparison}{continued}",
        };
    }
}
