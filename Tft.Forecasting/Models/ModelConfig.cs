using System.Text.Json.Serialization;
using Tft.Forecasting.Data;
using Tft.Forecasting.Network;
using Tft.Forecasting.Recipe;
using Tft.Forecasting.Recipe.Bands;
using Tft.Forecasting.Recipe.Base;
using Tft.Forecasting.Recipe.Corrections;

namespace Tft.Forecasting.Models;

/// <summary>config.json of a model folder.</summary>
public sealed record ModelConfig
{
    /// <summary>Format that this code writes and reads.</summary>
    public const int CurrentFormat = 1;

    private const int MostTrees = 20_000;

    [JsonPropertyName("format")]
    public required int Format { get; init; }

    /// <summary>Shape of each network.</summary>
    [JsonPropertyName("network")]
    public required TftConfig Network { get; init; }

    /// <summary>Number of networks; 0 is the base alone.</summary>
    [JsonPropertyName("networks")]
    public required int Networks { get; init; }

    /// <summary>Shape of each network for the next leads; null where there are none.</summary>
    [JsonPropertyName("near")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public TftConfig? Near { get; init; }

    /// <summary>Number of networks for the next leads; they follow the others.</summary>
    [JsonPropertyName("near_networks")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int NearNetworks { get; init; }

    /// <summary>Trees that correct the base beside the networks; 0 where there are none.</summary>
    [JsonPropertyName("trees")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Trees { get; init; }

    /// <summary>Inputs of the trees, in order: the first of those that there are; null where there are no trees.</summary>
    [JsonPropertyName("tree_inputs")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? TreeInputs { get; init; }

    /// <summary>Names of the metrics that it takes, in order; empty: any metrics.</summary>
    [JsonPropertyName("metrics")]
    public required IReadOnlyList<string> Metrics { get; init; }

    /// <summary>Steps of the past that a forecast needs.</summary>
    [JsonPropertyName("context")]
    public required int Context { get; init; }

    /// <summary>Leads at which the base has coefficients.</summary>
    [JsonPropertyName("knots")]
    public required IReadOnlyList<int> Knots { get; init; }

    /// <summary>Inputs of the past, in order: the first of <see cref="NetworkInputs.PastNames"/>, so that a model stays valid when later ones are added.</summary>
    [JsonPropertyName("past_inputs")]
    public required IReadOnlyList<string> PastInputs { get; init; }

    /// <summary>Inputs of the future, in order: likewise.</summary>
    [JsonPropertyName("future_inputs")]
    public required IReadOnlyList<string> FutureInputs { get; init; }

    /// <summary>Settings of the recipe, with which the state of a server is learned.</summary>
    [JsonPropertyName("recipe")]
    public required RecipeOptions Recipe { get; init; }

    /// <summary>Factor on the bands, by knot, of the networks for a server with a state of its own (<see cref="BandScales"/>).</summary>
    [JsonPropertyName("band_scale")]
    public required IReadOnlyList<float> BandScale { get; init; }

    /// <summary>The same of the base alone; this and what follows is null in a model that is older than the field, and <see cref="BandScale"/> serves instead.</summary>
    [JsonPropertyName("band_scale_base")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<float>? BandScaleBase { get; init; }

    /// <summary>The same of the networks for a server of which one day is known.</summary>
    [JsonPropertyName("band_scale_newcomer")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<float>? BandScaleNewcomer { get; init; }

    /// <summary>The same of the base alone for a server of which one day is known.</summary>
    [JsonPropertyName("band_scale_newcomer_base")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<float>? BandScaleNewcomerBase { get; init; }

    /// <summary>All factors on the bands.</summary>
    [JsonIgnore]
    public BandScales BandScales
    {
        get => new(BandScale, BandScaleBase ?? BandScale, BandScaleNewcomer ?? BandScale, BandScaleNewcomerBase ?? BandScale);
        init => (BandScale, BandScaleBase, BandScaleNewcomer, BandScaleNewcomerBase) = (value.Weeks, value.WeeksBase, value.Newcomer, value.NewcomerBase);
    }

    /// <summary>The config of a model of this code.</summary>
    public static ModelConfig Of(TftConfig network, int networks, IReadOnlyList<string> metrics, RecipeOptions recipe, BandScales bandScales, int nearNetworks = 0, int trees = 0) => new()
    {
        Format = CurrentFormat,
        Network = network,
        Networks = networks,
        Near = nearNetworks > 0 ? NetworkShape.Near(network) : null,
        NearNetworks = nearNetworks,
        Trees = trees,
        TreeInputs = trees > 0 ? Tft.Forecasting.Recipe.Corrections.TreeInputs.Names : null,
        Metrics = metrics,
        Context = Protocol.Context,
        Knots = LeadKnots.Leads.ToArray(),
        PastInputs = [.. NetworkInputs.PastNames.Take(network.Past + 1)],
        FutureInputs = [.. NetworkInputs.FutureNames.Take(network.Future)],
        Recipe = recipe,
        BandScale = bandScales.Weeks,
        BandScales = bandScales,
    };

    /// <summary>Every reason why this code cannot run such a model.</summary>
    internal IEnumerable<string> Problems()
    {
        if (Format != CurrentFormat)
            yield return $"format is {Format}, this version reads {CurrentFormat}";
        foreach (var problem in Network.Problems())
            yield return $"network: {problem}";
        if (Networks is < 0 or > 64)
            yield return $"networks is {Networks}, expected 0 to 64";
        if (NearNetworks is < 0 or > 64 || (NearNetworks > 0) != (Near is not null) || (NearNetworks > 0 && Networks == 0))
            yield return $"near_networks is {NearNetworks}, expected 0 to 64, with the shape 'near' and beside other networks where it is not 0";
        if (Near is not null && NetworkShape.Near(Network) is var shape && (Near.Hidden, Near.Heads, Near.Past, Near.Future, Near.WideHead, Near.Encoder, Near.Decoder)
            != (shape.Hidden, shape.Heads, shape.Past, shape.Future, shape.WideHead, shape.Encoder, shape.Decoder))
        {
            yield return $"near is not the shape of 'network' with {shape.Encoder} + {shape.Decoder} steps";
        }

        if (Trees is < 0 or > MostTrees || (Trees > 0 && Networks == 0))
            yield return $"trees is {Trees}, expected 0 to {MostTrees}, beside networks where it is not 0";
        if (Trees > 0 && !(TreeInputs is { Count: > 0 } && Tft.Forecasting.Recipe.Corrections.TreeInputs.Names.Take(TreeInputs.Count).SequenceEqual(TreeInputs)))
            yield return "the inputs of the trees are not the first of those of this version";
        if (Context != Protocol.Context)
            yield return $"context is {Context}, expected {Protocol.Context}";
        if (!Knots.SequenceEqual(LeadKnots.Leads.ToArray()))
            yield return "knots are not those of this version";
        if (!PastInputs.SequenceEqual(NetworkInputs.PastNames.Take(Network.Past + 1)) || !FutureInputs.SequenceEqual(NetworkInputs.FutureNames.Take(Network.Future)))
            yield return "the inputs of the network are not the first of those of this version";
        foreach (var (name, factors) in new[] { ("band_scale", BandScale), ("band_scale_base", BandScaleBase), ("band_scale_newcomer", BandScaleNewcomer), ("band_scale_newcomer_base", BandScaleNewcomerBase) })
        {
            if (factors is not null && (factors.Count != LeadKnots.Count || factors.Any(s => !(s is > 0.1f and < 10))))
                yield return $"{name} has {factors.Count} entries, expected {LeadKnots.Count} between 0.1 and 10";
        }

        if (Metrics.Distinct().Count() != Metrics.Count)
            yield return "metrics has a name twice";
    }
}
