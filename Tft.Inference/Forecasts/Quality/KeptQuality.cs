namespace Tft.Inference.Forecasts.Quality;

/// <summary>What is kept of a server over a restart. What had been forecast for it is in the log of past forecasts.</summary>
/// <param name="Name">The server.</param>
/// <param name="LastStep">Last step that was judged.</param>
/// <param name="Sums">What came of its forecasts.</param>
internal sealed record KeptQuality(string Name, long LastStep, QualitySums Sums);
