namespace Tft.Inference.Risk;

/// <summary>How bad it is, by score: critical from 70, warning from 40, watch from 20.</summary>
internal enum RiskLevel : byte
{
    Healthy,
    Watch,
    Warning,
    Critical,
}

/// <summary>Scores at which the levels begin, and their names on the wire.</summary>
internal static class RiskLevels
{
    public const float Watch = 20;
    public const float Warning = 40;
    public const float Critical = 70;
    public const float Max = 100;

    private static readonly string[] s_names = ["healthy", "watch", "warning", "critical"];
    private static readonly string[] s_labels = ["Healthy", "Watch", "Warning", "Critical"];

    public static RiskLevel Of(float score) => score switch
    {
        >= Critical => RiskLevel.Critical,
        >= Warning => RiskLevel.Warning,
        >= Watch => RiskLevel.Watch,
        _ => RiskLevel.Healthy,
    };

    public static string Name(this RiskLevel level) => s_names[(int)level];

    public static string Label(this RiskLevel level) => s_labels[(int)level];
}
