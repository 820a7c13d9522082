namespace Tft.Forecasting.Recipe.Tables;

/// <summary>
/// Coefficients that depend on how regular a newcomer's day is: sets at evenly spaced regularities, and a mixture of the two nearest in between. Where days repeat, the
/// base follows yesterday; where they wander, the usual and the last hours.
/// </summary>
internal static class RegularityClasses
{
    /// <summary>Sets that are fitted.</summary>
    public const int Count = 5;

    /// <summary>A set is fitted on windows at most so far from its regularity, in distances between two sets.</summary>
    private const float Reach = 0.75f;

    /// <summary>Whether a window of this regularity is one of those that a set is fitted on.</summary>
    public static bool IsNear(float regularity, int set) => Math.Abs((regularity * (Count - 1)) - set) <= Reach;

    /// <summary>Room for a mixture.</summary>
    public static LearnedSeries Room(LearnedSeries like) =>
        new(new float[like.Base.Length], new float[like.Squares.Length], [], new float[like.Band.Length], new float[like.LogUnit.Length], new float[like.Quantiles.Length]);

    /// <summary>Mixes the sets of a newcomer by a window's regularity into the room.</summary>
    public static void Mix(IReadOnlyList<LearnedSeries> sets, float regularity, LearnedSeries room)
    {
        var at = regularity * (sets.Count - 1);
        var low = Math.Min((int)at, sets.Count - 2);
        var (a, b, share) = (sets[low], sets[low + 1], at - low);
        Mix(a.Base, b.Base, share, room.Base);
        Mix(a.Squares, b.Squares, share, room.Squares);
        Mix(a.Band, b.Band, share, room.Band);
        Mix(a.LogUnit, b.LogUnit, share, room.LogUnit);
        Mix(a.Quantiles, b.Quantiles, share, room.Quantiles);
    }

    private static void Mix(float[] a, float[] b, float share, float[] room)
    {
        for (var i = 0; i < room.Length; i++)
            room[i] = a[i] + (share * (b[i] - a[i]));
    }
}
