using Tft.Contract.Metrics;
using Tft.Forecasting.Recipe.Online;

namespace Tft.Inference.Forecasts.Online;

/// <summary>What is kept of a server over a restart. Its forecasts that still wait have a file of their own (<see cref="WaitingFile"/>).</summary>
/// <param name="Name">The server.</param>
/// <param name="LastStep">Last closed step that was seen.</param>
/// <param name="Recipe">Metrics whose scales were learned on the recipe's forecasts.</param>
/// <param name="LogScales">[2, 8, 14].</param>
/// <param name="Trust">[14, 7], or empty where it was in other networks.</param>
/// <param name="OverYesterday">[14, 9], or empty where it was in another recipe.</param>
internal sealed record KeptServer(string Name, long LastStep, MetricMask Recipe, Half[] LogScales, float[] Trust, float[] OverYesterday)
{
    public const int ScaleCount = 2 * OnlineConformal.Groups * MetricCatalog.Count;
    public const int OverYesterdayCount = YesterdayTrust.PerMetric * MetricCatalog.Count;
    public const int TrustCount = SeriesTrust.PerMetric * MetricCatalog.Count;

    public static KeptServer Of(FollowedServer server)
    {
        var scales = new Half[ScaleCount];
        for (var i = 0; i < scales.Length; i++)
            scales[i] = (Half)server.Scales.LogScales[i];
        var overYesterday = new float[OverYesterdayCount];
        server.OverYesterday.CopyTo(overYesterday);
        return new KeptServer(server.Name, server.LastStep, server.Recipe, scales, server.Trust.State.ToArray(), overYesterday);
    }

    public void CopyTo(FollowedServer server)
    {
        Span<float> scales = stackalloc float[ScaleCount];
        for (var i = 0; i < scales.Length; i++)
            scales[i] = (float)LogScales[i];
        server.Scales.Restore(scales);
        if (Trust.Length > 0)
            server.Trust.Restore(Trust);
        if (OverYesterday.Length > 0)
            server.OverYesterday.Restore(OverYesterday);
        server.Restore(LastStep, Recipe);
    }
}
