using Tft.Forecasting.Kernels.Products;

namespace Tft.Forecasting.Network.Buffers;

/// <summary>Where the columns of a stored weight matrix stand in a padded row.</summary>
internal static class Columns
{
    /// <summary>Groups of equal width, each padded to a multiple of 16: heads, or value and gate.</summary>
    public static int[] Groups(int groups, int width) =>
        [.. Enumerable.Range(0, groups * width).Select(i => (i / width * Panels.Pad(width)) + (i % width))];

    /// <summary>The four gates of an LSTM, stored one after the other, by blocks of 16 units: [unit / 16, gate, unit % 16].</summary>
    public static int[] Gates(int hidden) =>
        [.. Enumerable.Range(0, 4 * hidden).Select(i => (i % hidden / 16 * 64) + (i / hidden * 16) + (i % hidden % 16))];
}
