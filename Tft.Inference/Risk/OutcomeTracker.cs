using System.Runtime.CompilerServices;
using Tft.Inference.Forecasts;
using Tft.Inference.Forecasts.Snapshots;
using Tft.Inference.Windows;

namespace Tft.Inference.Risk;

/// <summary>
/// Follows what came of forecast probabilities. Every half hour a server's raw probabilities are noted; six and 96 closed steps later it is
/// known whether a critical severity was measured meanwhile. The fleet's are followed in the same way. 200 bytes a server.
/// </summary>
internal sealed class OutcomeTracker(ProbabilityCalibration calibration, SnapshotStore snapshots) : IForecastObserver
{
    private const int Every = 6;
    private const int Steps30m = 6;
    private const int Steps8h = 96;

    private readonly FleetOutcomes _fleet = new(calibration);
    private Pending[] _servers = [];

    public void Forecast(ServerSnapshot server, WindowInfo window, ReadOnlySpan<float> values, ReadOnlySpan<float> quantiles)
    {
        if (window.KnownSteps < ForecastShape.MinimumSteps)
            return;
        if (server.Number >= _servers.Length)
            Array.Resize(ref _servers, Math.Max(server.Number + 1, _servers.Length * 2));
        ref var pending = ref _servers[server.Number];
        if (window.LastStep <= pending.LastStep)
            return;
        var critical = IsCritical(server.Risk);
        pending.Step(window.LastStep, critical, calibration);
        // servers take turns, so that no snapshot does all of them
        if ((window.LastStep + server.Number) % Every == 0)
            pending.Note(window.LastStep, server.Risk.RawProb30m, server.Risk.RawProb8h);
        _fleet.See(window.LastStep, critical, snapshots.Current.Totals);
    }

    public void Retired(ServerSnapshot server)
    {
        if (server.Number < _servers.Length)
            _servers[server.Number] = default;
    }

    private static bool IsCritical(ServerRisk risk)
    {
        var now = risk.Now;
        foreach (var severity in now)
        {
            if (severity >= RiskLevels.Critical)
                return true;
        }

        return false;
    }

    /// <summary>A server's probabilities whose time is not over: 16 of half an hour each fill eight hours.</summary>
    private struct Pending
    {
        public long LastStep;
        private Notes _notes;

        public void Note(long step, float within30m, float within8h) =>
            _notes[(int)((step / Every) % Notes.Length)] = new Noted(step, within30m, within8h, false, false);

        public void Step(long step, bool critical, ProbabilityCalibration calibration)
        {
            var previous = LastStep;
            LastStep = step;
            foreach (ref var note in (Span<Noted>)_notes)
            {
                if (note.Step == 0)
                    continue;
                var (age, before) = (step - note.Step, previous - note.Step);
                if (critical && age <= Steps8h)
                    note = note with { Hit8h = true, Hit30m = note.Hit30m || age <= Steps30m };
                if (before < Steps30m && age >= Steps30m)
                    calibration.Server30m.Add(note.Within30m, note.Hit30m);
                if (age < Steps8h)
                    continue;
                calibration.Server8h.Add(note.Within8h, note.Hit8h);
                note = default;
            }
        }
    }

    private readonly record struct Noted(long Step, float Within30m, float Within8h, bool Hit30m, bool Hit8h);

    [InlineArray(Length)]
    private struct Notes
    {
        public const int Length = (Steps8h / Every) + 1;

        private Noted _first;
    }

    /// <summary>The same for "at least one server": a step's verdict is known two steps later, when its stragglers have closed.</summary>
    private sealed class FleetOutcomes(ProbabilityCalibration calibration)
    {
        private const int Grace = 2;
        private const int Kept = 128;

        private readonly bool[] _critical = new bool[Kept];
        private readonly Queue<(long Step, float Raw)> _pending30m = new();
        private readonly Queue<(long Step, float Raw)> _pending8h = new();
        private long _newest;

        public void See(long step, bool critical, in FleetTotals totals)
        {
            if (step > _newest)
            {
                for (var s = Math.Max(_newest + 1, step - Kept + 1); s <= step; s++)
                    _critical[s % Kept] = false;
                _newest = step;
                if (step % Every == 0)
                {
                    _pending30m.Enqueue((step, (float)(1 - Math.Exp(totals.LogNone30m))));
                    _pending8h.Enqueue((step, (float)(1 - Math.Exp(totals.LogNone8h))));
                }

                Settle(_pending30m, Steps30m, calibration.Fleet30m);
                Settle(_pending8h, Steps8h, calibration.Fleet8h);
            }

            if (critical && step > _newest - Kept)
                _critical[step % Kept] = true;
        }

        private void Settle(Queue<(long Step, float Raw)> pending, int lead, OutcomeStore outcomes)
        {
            while (pending.TryPeek(out var note) && _newest >= note.Step + lead + Grace)
            {
                pending.Dequeue();
                var happened = false;
                for (var step = note.Step + 1; step <= note.Step + lead; step++)
                    happened |= step > _newest - Kept && _critical[step % Kept];
                outcomes.Add(note.Raw, happened);
            }
        }
    }
}
