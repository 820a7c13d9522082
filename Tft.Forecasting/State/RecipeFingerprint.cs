using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Tft.Forecasting.Models;

namespace Tft.Forecasting.State;

/// <summary>Tells models apart by what coefficients of a server depend on: the pooled parts and the settings of the recipe, not the networks.</summary>
public static class RecipeFingerprint
{
    /// <summary>The first 8 bytes of a SHA-256.</summary>
    public static ulong Of(ForecastModel model)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes((model.Config.Recipe with { Threads = 1 }).ToString()));
        var pooled = model.Recipe.Pooled;
        foreach (var values in new[] { model.Recipe.Ridge.Weights, pooled.Base, pooled.Squares, pooled.Cross, pooled.Band, pooled.LogUnit, pooled.Quantiles })
            hash.AppendData(MemoryMarshal.AsBytes(values.AsSpan()));
        return MemoryMarshal.Read<ulong>(hash.GetHashAndReset());
    }
}
