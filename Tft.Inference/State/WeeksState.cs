using Tft.Contract.Metrics;
using Tft.Forecasting.State;

namespace Tft.Inference.State;

/// <summary>What weeks say of a server. Immutable: a renewal replaces it whole.</summary>
/// <param name="Metrics">One bit for each metric of the contract that it knows; tables and coefficients are in their order.</param>
/// <param name="Step">Last step that its tables saw.</param>
/// <param name="Days">Days of history that they saw.</param>
/// <param name="Recipe">Fingerprint of the pooled parts that the coefficients were shrunk to; those of another model are of no use with it.</param>
/// <param name="CoefficientsStep">Last step that the coefficients saw.</param>
/// <param name="Tables">What is usual.</param>
/// <param name="Coefficients">Of base and bands, in units of the tables.</param>
internal sealed record WeeksState(
    ushort Metrics, int Step, int Days, ulong Recipe, int CoefficientsStep, PackedTables Tables, PackedCoefficients Coefficients)
{
    public int Bytes => Tables.Bytes.Length + Coefficients.Bytes.Length;

    public bool Knows(Metric metric) => (Metrics & Bit(metric)) != 0;

    public static ushort Bit(Metric metric) => (ushort)(1 << (int)metric);
}
