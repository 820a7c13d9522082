namespace Tft.Dashboard.Charts;

/// <summary>What a chart needs to let a range of it be chosen, by dragging or by keys.</summary>
/// <param name="Address">Of what is shown, without its range: the browser adds <c>from</c> and <c>to</c>.</param>
/// <param name="Earliest">How far back there is something to show.</param>
/// <param name="Latest">How far ahead.</param>
public sealed record PlotZoom(string Address, DateTimeOffset Earliest, DateTimeOffset Latest);
