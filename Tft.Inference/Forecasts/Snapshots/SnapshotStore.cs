using System.Diagnostics;
using System.Security.Cryptography;
using Tft.Inference.Risk;

namespace Tft.Inference.Forecasts.Snapshots;

/// <summary>The published state. One writer; readers take <see cref="Current"/> and hold it as long as they like.</summary>
internal sealed class SnapshotStore(IForecaster forecaster, ProbabilityCalibration calibration, TimeProvider time)
{
    private volatile FleetSnapshot _current = FleetSnapshot.Empty(forecaster.Model, time.GetUtcNow());

    /// <summary>Differs between processes, so that an ETag of an earlier one never fits.</summary>
    public string Instance { get; } = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4));

    public FleetSnapshot Current => _current;

    /// <summary>Raised after each publication, on the publisher's thread: handlers must be quick.</summary>
    public event Action<FleetSnapshot, int>? Published;

    /// <summary>Puts one block in the place of its older self and makes that the current snapshot.</summary>
    /// <param name="block">The new block.</param>
    /// <param name="changed">How many of its servers changed.</param>
    /// <param name="runDuration">Time since the run began.</param>
    /// <param name="run">The run's span.</param>
    public FleetSnapshot Publish(SnapshotBlock block, int changed, TimeSpan runDuration, ActivityContext run)
    {
        var old = _current;
        var blocks = new SnapshotBlock[Math.Max(old.Blocks.Length, block.Index + 1)];
        old.Blocks.CopyTo(blocks, 0);
        for (var i = old.Blocks.Length; i < block.Index; i++)
            blocks[i] = new SnapshotBlock(i, [], new QuantizedForecasts(0), block.Time);
        blocks[block.Index] = block;
        var totals = default(FleetTotals);
        foreach (var each in blocks)
            totals = totals.Plus(each.Totals);

        var next = new FleetSnapshot
        {
            Number = old.Number + 1,
            Time = block.Time,
            Blocks = blocks,
            Totals = totals,
            Model = forecaster.Model,
            IsCalibrated = calibration.IsCalibrated,
            Prob30m = calibration.FleetWithin30m(1 - Math.Exp(totals.LogNone30m)),
            Prob8h = calibration.FleetWithin8h(1 - Math.Exp(totals.LogNone8h)),
            RunDuration = runDuration,
            Run = run,
        };
        _current = next;
        Published?.Invoke(next, changed);
        return next;
    }
}
