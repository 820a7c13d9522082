namespace Tft.Contract.Messages;

/// <summary>Answer of GET /admin/models.</summary>
public sealed record ModelsResponse
{
    /// <summary>The version in service; null: the fallback.</summary>
    public required string? Active { get; init; }

    /// <summary>What served before it since the service started; null where nothing did. Activating it is rolling back.</summary>
    public string? Previous { get; init; }

    /// <summary><c>Tft:Model</c>.</summary>
    public required string Choice { get; init; }
    public required string Directory { get; init; }

    /// <summary>Newest first.</summary>
    public required IReadOnlyList<ModelEntry> Models { get; init; }
}

/// <summary>A model folder.</summary>
public sealed record ModelEntry
{
    public required string Version { get; init; }
    public required bool Active { get; init; }
    public bool Valid { get; init; }

    /// <summary>Whether it may serve without being asked for; null where it is not valid.</summary>
    public bool? Promoted { get; init; }

    /// <summary>Everything that is wrong with it, where it is not valid; why it was promoted or not, where it was compared.</summary>
    public string? Reason { get; init; }
    public DateTimeOffset? Created { get; init; }
    public DateTimeOffset? LoadedAt { get; init; }
    public string? Data { get; init; }
    public int? Servers { get; init; }
    public int? Seed { get; init; }
    public int? Networks { get; init; }
    public int? Hidden { get; init; }

    /// <summary>Networks for the next hour, beside the others.</summary>
    public int? NearNetworks { get; init; }

    /// <summary>Trees of each forest that corrects the base beside the networks.</summary>
    public int? Trees { get; init; }

    /// <summary>Training steps of each network.</summary>
    public int? Steps { get; init; }
    public double? DurationS { get; init; }

    /// <summary>The model that it continues.</summary>
    public string? Parent { get; init; }

    /// <summary>Share of what was learned from as of a server of which one day is known.</summary>
    public double? NewcomerShare { get; init; }

    /// <summary>Loss of the model that served when it was trained, over all leads of the same test part.</summary>
    public double? ActiveRelQl { get; init; }

    /// <summary>Scores on the part of its data that it was not fitted on; null where there was none.</summary>
    public ModelScores? Evaluation { get; init; }

    /// <summary>The same of the base, which is the model without its networks.</summary>
    public ModelScores? EvaluationBase { get; init; }
}

/// <summary>A table of scores.</summary>
/// <param name="Servers">How many it is over.</param>
/// <param name="Series">Their metrics that move.</param>
/// <param name="Leads">By lead: 30min, 1h, 4h, 8h, all.</param>
public sealed record ModelScores(int Servers, int Series, IReadOnlyDictionary<string, LeadScores> Leads);

/// <summary>Scores at one lead, or over all.</summary>
/// <param name="RelQl">Pinball loss of the three quantiles relative to seasonal naive; lower is better, 1 is as good.</param>
/// <param name="RelMae">The same for the absolute error of p50.</param>
/// <param name="Cover80">Share of values between p10 and p90; .8 is meant.</param>
/// <param name="Width">Mean width of the band relative to the usual change from day to day.</param>
public sealed record LeadScores(double RelQl, double RelMae, double Cover80, double Width);

/// <summary>Answer of POST /admin/models/{version}/activate.</summary>
/// <param name="Active">What serves now.</param>
/// <param name="LoadedAt">Since when.</param>
/// <param name="Kept">Whether it will after a restart, too; false where the settings name a model, or the choice could not be written.</param>
public sealed record ActivatedResponse(string Active, DateTimeOffset? LoadedAt, bool Kept);
