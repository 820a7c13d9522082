namespace Tft.Inference.Risk;

/// <summary>Values of a metric at which severity is 20, 40, 70 and 100.</summary>
internal readonly record struct Thresholds(float Watch, float Warning, float Critical, float Max)
{
    /// <summary>
    /// 0 below <see cref="Watch"/>, from there linear through (watch, 20), (warning, 40), (critical, 70) to 100 at <see cref="Max"/>.
    /// NaN (not measured, not forecast) is no severity.
    /// </summary>
    public float Severity(float value)
    {
        if (!(value >= Watch))
            return 0;
        if (value >= Max)
            return RiskLevels.Max;
        if (value >= Critical)
            return Between(value, Critical, Max, RiskLevels.Critical, RiskLevels.Max);
        return value >= Warning
            ? Between(value, Warning, Critical, RiskLevels.Warning, RiskLevels.Critical)
            : Between(value, Watch, Warning, RiskLevels.Watch, RiskLevels.Warning);
    }

    /// <summary>Value at which a level begins.</summary>
    public float Of(RiskLevel level) => level switch
    {
        RiskLevel.Critical => Critical,
        RiskLevel.Warning => Warning,
        _ => Watch,
    };

    /// <summary>The same shape, in multiples of a baseline.</summary>
    public Thresholds Times(float baseline) => new(Watch * baseline, Warning * baseline, Critical * baseline, Max * baseline);

    private static float Between(float value, float from, float to, float low, float high) =>
        low + ((high - low) * ((value - from) / (to - from)));
}
