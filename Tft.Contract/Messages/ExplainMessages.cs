namespace Tft.Contract.Messages;

/// <summary>Answer of GET /explain/{server}: what the networks looked at. Weights of selection sum to 1, as does each row of attention.</summary>
public sealed record ExplainResponse
{
    public required string ServerName { get; init; }
    public required long Snapshot { get; init; }
    public required string ModelType { get; init; }
    public string? ModelVersion { get; init; }

    /// <summary>End of the last closed bucket: where the past of the attention ends.</summary>
    public DateTimeOffset? Origin { get; init; }
    // set and not init: what generated code leaves out of init keeps no default
    public int StepSeconds { get; set; } = 300;

    /// <summary>By input of the past: means over metrics and steps.</summary>
    public required IReadOnlyDictionary<string, double> HistoryWeights { get; init; }

    /// <summary>By input that is known ahead, likewise.</summary>
    public required IReadOnlyDictionary<string, double> KnownWeights { get; init; }

    /// <summary>By property of the server; empty where the networks see none.</summary>
    public required IReadOnlyDictionary<string, double> StaticWeights { get; init; }

    /// <summary>The same for each metric that the networks forecast.</summary>
    public IReadOnlyDictionary<string, MetricExplanation> Metrics { get; set; } = new Dictionary<string, MetricExplanation>();
    public required AttentionInfo Attention { get; init; }
}

/// <summary>What the networks looked at for one metric.</summary>
public sealed record MetricExplanation
{
    public required IReadOnlyDictionary<string, double> HistoryWeights { get; init; }
    public required IReadOnlyDictionary<string, double> KnownWeights { get; init; }

    /// <summary>With which weight the anomalies of other metrics enter its input <c>other_metrics</c>; those that do not are left out.</summary>
    public required IReadOnlyDictionary<string, double> OtherMetrics { get; init; }
}

/// <summary>Where a step ahead looks.</summary>
public sealed record AttentionInfo
{
    /// <summary>Steps ahead, one for each row; 1 is the first.</summary>
    public required IReadOnlyList<int> DecoderSteps { get; init; }

    /// <summary>By row: one weight for each step, oldest first; the past, then the steps ahead.</summary>
    public required IReadOnlyList<IReadOnlyList<double>> OverPast { get; init; }

    /// <summary>How many of a row's steps are past.</summary>
    public int PastSteps { get; set; } = 96;
    public string? Note { get; init; }
}
