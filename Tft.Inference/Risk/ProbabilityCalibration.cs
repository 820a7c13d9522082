namespace Tft.Inference.Risk;

/// <summary>
/// Corrects probabilities by what came of earlier ones: per server (half an hour, eight hours) and for the fleet as a whole.
/// </summary>
internal sealed class ProbabilityCalibration
{
    public OutcomeStore Server30m { get; } = new();

    public OutcomeStore Server8h { get; } = new();

    public OutcomeStore Fleet30m { get; } = new();

    public OutcomeStore Fleet8h { get; } = new();

    /// <summary>True when the servers' probabilities rest on at least 500 outcomes each.</summary>
    public bool IsCalibrated => Server30m.IsCalibrated && Server8h.IsCalibrated;

    public float Within30m(float raw) => Server30m.Map(raw);

    public float Within8h(float raw) => Server8h.Map(raw);

    /// <summary>That at least one server reaches critical, from 1 - product over servers.</summary>
    public double FleetWithin30m(double raw) => Fleet30m.Map((float)raw);

    public double FleetWithin8h(double raw) => Fleet8h.Map((float)raw);
}
