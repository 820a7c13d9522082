using System.Text.Json.Serialization;

namespace Tft.Forecasting.Network;

/// <summary>
/// The shape of a Temporal Fusion Transformer (Lim et al., arXiv:1912.09363). A network of one metric and one of fourteen differ in nothing but this.
/// </summary>
/// <remarks>Symbols used in shapes: B windows, E encoder steps, D decoder steps, T = E + D, H hidden, M metrics, Q quantiles, K known covariates,
/// S static categoricals, O observed categoricals, P further inputs of the past, F further inputs of the future.</remarks>
public sealed record TftConfig
{
    /// <summary>H, the width of every layer.</summary>
    [JsonPropertyName("hidden")]
    public int Hidden { get; init; } = 64;

    /// <summary>Attention heads; must divide <see cref="Hidden"/>.</summary>
    [JsonPropertyName("heads")]
    public int Heads { get; init; } = 4;

    /// <summary>E, steps of the past.</summary>
    [JsonPropertyName("encoder")]
    public int Encoder { get; init; } = 288;

    /// <summary>D, steps ahead.</summary>
    [JsonPropertyName("decoder")]
    public int Decoder { get; init; } = 96;

    /// <summary>M, inputs of the past that are forecast as well.</summary>
    [JsonPropertyName("metrics")]
    public int Metrics { get; init; } = 14;

    /// <summary>Levels of the forecast quantiles, rising, each inside (0, 1).</summary>
    [JsonPropertyName("quantiles")]
    public float[] Quantiles { get; init; } = [0.1f, 0.5f, 0.9f];

    /// <summary>K, covariates known at every step, past and ahead.</summary>
    [JsonPropertyName("known")]
    public int Known { get; init; } = 8;

    /// <summary>Number of values of each static categorical; empty for none: the static vector is then zero and the contexts are learned constants.</summary>
    [JsonPropertyName("static_sizes")]
    public int[] StaticSizes { get; init; } = [8];

    /// <summary>Number of values of each categorical observed in the past.</summary>
    [JsonPropertyName("observed_sizes")]
    public int[] ObservedSizes { get; init; } = [9];

    /// <summary>Share of activations dropped in training, 0 to below 1.</summary>
    [JsonPropertyName("dropout")]
    public float Dropout { get; init; }

    /// <summary>P, real inputs of the past that are not forecast.</summary>
    [JsonPropertyName("past")]
    public int Past { get; init; }

    /// <summary>F, real inputs known at the origin for each lead.</summary>
    [JsonPropertyName("future")]
    public int Future { get; init; }

    /// <summary>Whether the head gives the asinh of the quantiles, for targets of very different size.</summary>
    [JsonPropertyName("wide_head")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool WideHead { get; init; }

    /// <summary>T = E + D.</summary>
    [JsonIgnore]
    public int Steps => Encoder + Decoder;

    /// <summary>Variables of the history selection: observed, known, metrics, past, in this order.</summary>
    [JsonIgnore]
    public int HistoryVariables => ObservedSizes.Length + Known + Metrics + Past;

    /// <summary>Variables of the future selection: known, future, in this order.</summary>
    [JsonIgnore]
    public int FutureVariables => Known + Future;

    /// <summary>Every reason why this is not the shape of a network; empty when it is.</summary>
    public IReadOnlyList<string> Problems()
    {
        var problems = new List<string>();
        Range(problems, "hidden", Hidden, 2, 1024);
        Range(problems, "heads", Heads, 1, 64);
        Range(problems, "encoder", Encoder, 1, 8192);
        Range(problems, "decoder", Decoder, 1, 4096);
        Range(problems, "metrics", Metrics, 1, 512);
        Range(problems, "known", Known, 0, 512);
        Range(problems, "past", Past, 0, 512);
        Range(problems, "future", Future, 0, 512);
        if (Heads > 0 && Hidden % Heads != 0)
        {
            problems.Add($"heads {Heads} does not divide hidden {Hidden}");
        }

        if (Known + Future == 0)
        {
            problems.Add("known + future is 0: the decoder has no input");
        }

        if (!(Dropout >= 0f && Dropout < 1f))
        {
            problems.Add($"dropout {Dropout} is not in [0, 1)");
        }

        if (Quantiles is null || Quantiles.Length is 0 or > 64)
        {
            problems.Add("quantiles: 1 to 64 levels are needed");
        }
        else if (Quantiles.Any(q => !(q > 0f && q < 1f)) || Quantiles.Zip(Quantiles.Skip(1)).Any(p => p.First >= p.Second))
        {
            problems.Add($"quantiles [{string.Join(", ", Quantiles)}] do not rise inside (0, 1)");
        }

        Sizes(problems, "static_sizes", StaticSizes);
        Sizes(problems, "observed_sizes", ObservedSizes);
        return problems;
    }

    /// <exception cref="ArgumentException">This is not the shape of a network; the message says every reason.</exception>
    public void Validate()
    {
        var problems = Problems();
        if (problems.Count > 0)
        {
            throw new ArgumentException("network config: " + string.Join("; ", problems));
        }
    }

    private static void Range(List<string> problems, string name, int value, int least, int most)
    {
        if (value < least || value > most)
        {
            problems.Add($"{name} {value} is not in [{least}, {most}]");
        }
    }

    private static void Sizes(List<string> problems, string name, int[]? sizes)
    {
        if (sizes is null || sizes.Length > 64 || sizes.Any(n => n is < 1 or > 65536))
        {
            problems.Add($"{name}: at most 64 categoricals of 1 to 65536 values");
        }
    }
}
