using Tft.Forecasting.Data;
using Tft.Forecasting.Files;
using Tft.Forecasting.Recipe;
using Tft.Forecasting.Recipe.Bands;
using Tft.Forecasting.Recipe.Base;
using Tft.Forecasting.Recipe.Tables;

namespace Tft.Forecasting.Models;

/// <summary>The pooled parts of the recipe as tensors of the model's file.</summary>
internal static class RecipeTensors
{
    private const string Ridge = "recipe.ridge";
    private static readonly string[] s_parts = ["base", "squares", "band", "log_unit", "quantiles"];

    public static IEnumerable<SafeTensor> Of(RecipeModel recipe)
    {
        yield return SafeTensor.Of(Ridge, [Protocol.Context, Protocol.Horizon], recipe.Ridge.Weights);
        foreach (var (name, series) in ((string, LearnedSeries)[])[("pooled", recipe.Pooled), ("newcomer", recipe.Newcomer), .. recipe.Newcomer.ByRegularity.Select((set, i) => (Set(i), set))])
        {
            float[][] values = [series.Base, series.Squares, series.Band, series.LogUnit, series.Quantiles];
            for (var i = 0; i < s_parts.Length; i++)
                yield return SafeTensor.Of($"recipe.{name}.{s_parts[i]}", [LeadKnots.Count, Width(i)], values[i]);
        }
    }

    /// <exception cref="InvalidDataException">A tensor is missing, of another shape or not finite.</exception>
    public static RecipeModel Read(SafeTensorsFile file) =>
        new(new LagRidge(Read(file, Ridge, Protocol.Context, Protocol.Horizon)), Series(file, "pooled"), Series(file, "newcomer") with { ByRegularity = Sets(file) });

    // absent in models that are older
    private static LearnedSeries[] Sets(SafeTensorsFile file) =>
        file.Tensors.ContainsKey($"recipe.{Set(0)}.{s_parts[0]}") ? [.. Enumerable.Range(0, RegularityClasses.Count).Select(i => Series(file, Set(i)))] : [];

    private static string Set(int set) => $"newcomer_{set}";

    private static LearnedSeries Series(SafeTensorsFile file, string name)
    {
        var parts = s_parts.Select((part, i) => Read(file, $"recipe.{name}.{part}", LeadKnots.Count, Width(i))).ToArray();
        return new LearnedSeries(parts[0], parts[1], [], parts[2], parts[3], parts[4]);
    }

    private static float[] Read(SafeTensorsFile file, string name, int rows, int columns)
    {
        var tensor = file[name];
        if (!tensor.Shape.SequenceEqual([rows, columns]))
            throw new InvalidDataException($"tensor '{name}' is [{string.Join(", ", tensor.Shape)}], expected [{rows}, {columns}]");
        var values = tensor.Floats.ToArray();
        return Array.TrueForAll(values, float.IsFinite) ? values : throw new InvalidDataException($"tensor '{name}' holds a value that is not finite");
    }

    private static int Width(int part) => part switch { 0 or 1 => LeadFeatures.Count, 2 => BandFeatures.Count, 3 => 1, _ => 3 };
}
