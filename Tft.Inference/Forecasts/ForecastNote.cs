namespace Tft.Inference.Forecasts;

/// <summary>By what a server was forecast, and why not by the TFT where it was not.</summary>
/// <param name="FallbackReason">One of <see cref="FallbackReasons"/>; null when the TFT made the forecast.</param>
/// <param name="Networks">Metrics in whose forecast the networks have a part.</param>
/// <param name="Rejected">Metrics on which the networks were asked and lose to the base: the base is served.</param>
internal readonly record struct ForecastNote(string? FallbackReason, MetricMask Networks = default, MetricMask Rejected = default)
{
    public static ForecastNote Tft => new(null, MetricMask.All);

    public bool IsFallback => FallbackReason is not null;

    /// <summary><c>TFT</c> or <c>fallback</c>, as on the wire.</summary>
    public string ModelType => IsFallback ? "fallback" : "TFT";
}

/// <summary>Values of <c>fallback_reason</c>.</summary>
internal static class FallbackReasons
{
    /// <summary>Fewer than 36 closed steps.</summary>
    public const string WarmingUp = "warming_up";

    /// <summary>36 to 287 closed steps.</summary>
    public const string ShortWindow = "short_window";

    /// <summary>Less than 80 % of the window was measured.</summary>
    public const string SparseWindow = "sparse_window";

    /// <summary>Not one metric of the window moves.</summary>
    public const string NothingMoves = "nothing_moves";

    /// <summary>No trained model is active.</summary>
    public const string NoModel = "no_model";

    /// <summary>The engine failed on this batch; the log says how.</summary>
    public const string EngineFailed = "engine_failed";

    /// <summary>On all metrics of this server the base has been the better forecast of the last days.</summary>
    public const string BetterHere = "fallback_better";
}
