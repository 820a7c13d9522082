using Tft.Forecasting.Engines;
using Tft.Forecasting.Kernels;
using Tft.Forecasting.Network;

namespace Tft.Forecasting.Training;

/// <summary>
/// Trains a network on windows of a source: quantile loss over seen targets, clipped gradients, Adam or AdamW. Deterministic: the same seed, source and options
/// give the same weights to the bit, for any number of threads, and across any number of stops and resumes.
/// </summary>
public sealed class TftTrainer : IDisposable
{
    private readonly TrainingOptions _options;
    private readonly IWindowSource _source;
    private readonly IWindowSource? _validation;
    private readonly TrainingState _state;
    private readonly ILearner _learner;
    private readonly WorkerTeam _team;
    private readonly WindowBatch _batch;
    private readonly float[] _gradient;
    private readonly TimeProvider _time;
    private readonly Action<int, int> _fill;

    /// <param name="initial">The weights to start from; they are copied.</param>
    /// <param name="options">How to train.</param>
    /// <param name="source">Training windows; at least a batch of them.</param>
    /// <param name="validation">Windows to validate on, or null.</param>
    /// <param name="time">Clock for rates.</param>
    /// <param name="engine">What computes the gradients; null is <see cref="ManagedEngine"/> with the options' threads.</param>
    /// <exception cref="ArgumentException">The options cannot be met; the message says every reason.</exception>
    public TftTrainer(TftWeights initial, TrainingOptions options, IWindowSource source, IWindowSource? validation = null, TimeProvider? time = null, IForecastEngine? engine = null)
    {
        var problems = options.Problems().ToList();
        if (source.Count < 1)
        {
            problems.Add("the source has no windows");
        }

        if (options.ValidateEvery > 0 && validation is not { Count: > 0 })
        {
            problems.Add("ValidateEvery is set, but there are no validation windows");
        }

        if (problems.Count > 0)
        {
            throw new ArgumentException("training: " + string.Join("; ", problems));
        }

        (_options, _source, _validation, _time) = (options, source, validation, time ?? TimeProvider.System);
        _state = new TrainingState(initial.Clone());
        _learner = (engine ?? new ManagedEngine(options.Threads)).Learner(initial.Config);
        _team = new WorkerTeam(options.Threads);
        _batch = new WindowBatch(initial.Config, options.BatchSize, training: true);
        _fill = Fill;
        _gradient = new float[initial.Data.Length];
    }

    /// <summary>Steps done, those before a resume included.</summary>
    public int Step => _state.Step;

    /// <summary>Goes on from <see cref="TrainingOptions.CheckpointPath"/> if that file is there; returns whether it is.</summary>
    /// <exception cref="InvalidDataException">The file is not valid, or of another training; the message says why.</exception>
    public bool Resume()
    {
        if (_options.CheckpointPath is not { } path || !File.Exists(path))
        {
            return false;
        }

        Checkpoint.Load(path, _state, _options, _source.Count);
        return true;
    }

    /// <summary>Trains to the last step, or until validation no longer improves.</summary>
    /// <param name="progress">Called every <paramref name="every"/> steps, after each validation and at the end, on the caller's thread.</param>
    /// <param name="every">Steps from call to call.</param>
    /// <param name="cancellation">Stops after the running step; a checkpoint is written if one is kept.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    /// <exception cref="InvalidOperationException">The loss is not a number: the learning rate is too high, or an input is not finite.</exception>
    public TrainingResult Run(Action<TrainingProgress>? progress = null, int every = 50, CancellationToken cancellation = default)
    {
        var start = _time.GetTimestamp();
        var first = _state.Step;
        TrainingProgress Now() => Progress(start, first);
        var perPass = Math.Max(1, _source.Count / _options.BatchSize);
        while (_state.Step < _options.Steps && !_state.Stopped)
        {
            if (cancellation.IsCancellationRequested)
            {
                Save();
                cancellation.ThrowIfCancellationRequested();
            }

            OneStep();
            var validated = _options.ValidateEvery > 0 && (_state.Step % _options.ValidateEvery == 0 || _state.Step == _options.Steps);
            if (validated)
            {
                Validate();
            }

            if (_state.Step % (_options.CheckpointEvery > 0 ? _options.CheckpointEvery : perPass) == 0 && _state.Step < _options.Steps)
            {
                Save();
            }

            if (validated || _state.Step % every == 0 || _state.Step == _options.Steps)
            {
                progress?.Invoke(Now());
            }
        }

        Save();
        var weights = _state.Weights.Clone();
        (_options.Patience > 0 ? _state.Best : Averaged()).CopyTo(weights.Data, 0);
        return new TrainingResult(weights, Now(), _state.Stopped);
    }

    /// <summary>The loss of weights over a source, without dropout: the mean over seen targets and quantiles, weighted as the source says.</summary>
    public double Loss(TftWeights weights, IWindowSource source)
    {
        _learner.Take(weights);
        var c = weights.Config;
        int outputs = c.Decoder * c.Metrics, q = c.Quantiles.Length;
        var quantiles = new float[_options.BatchSize * outputs * q];
        double sum = 0.0, norm = 0.0;
        for (long at = 0; at < source.Count; at += _options.BatchSize)
        {
            var from = at;
            _batch.Count = (int)Math.Min(_options.BatchSize, source.Count - at);
            _team.Run(_batch.Count, (_, slot) => source.Fill(from + slot, _batch, slot, 0));
            _learner.Forecast(_batch, quantiles);
            for (var i = 0; i < _batch.Count * outputs * q; i++)
            {
                quantiles[i] += _batch.Offsets[i];
            }

            var targets = _batch.Targets.AsSpan(0, _batch.Count * outputs);
            var weight = _batch.TargetWeights.AsSpan(0, _batch.Count * outputs);
            sum += QuantileLoss.Sum(quantiles, targets, weight, c.Quantiles);
            norm += QuantileLoss.SeenWeight(targets, weight) * q;
        }

        return sum / norm;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _team.Dispose();
        _learner.Dispose();
    }

    private float[] Averaged() => _options.AverageDecay > 0f ? _state.Average : _state.Weights.Data;

    private void OneStep()
    {
        var (step, o) = (_state.Step, _options);
        _learner.Take(_state.Weights);
        _batch.Count = o.BatchSize;
        _team.Run(o.BatchSize, _fill);
        var loss = _learner.Gradient(_batch, _gradient, Counter.At(Counter.At((ulong)o.Seed, 1), (ulong)step));
        if (!double.IsFinite(loss))
        {
            throw new InvalidOperationException($"training: the loss of step {step} is {loss}");
        }

        Adam.Clip(_gradient, o.Clip);
        _state.Adam.Step(_state.Weights.Data, _gradient, Rate(step), o);
        if (o.AverageDecay > 0f)
        {
            Average(Math.Min(o.AverageDecay, (1f + step) / (10f + step)));
        }

        _state.Loss = double.IsNaN(_state.Loss) ? loss : _state.Loss + ((loss - _state.Loss) * Math.Max(0.01, 1.0 / (step + 1)));
        _state.Step++;
    }

    private void Fill(int worker, int slot)
    {
        var o = _options;
        var position = ((long)_state.Step * o.BatchSize) + slot;
        var (pass, place) = Math.DivRem(position, _source.Count);
        var window = Shuffle.At(place, _source.Count, Counter.At(Counter.At((ulong)o.Seed, 2), (ulong)pass));
        var visit = Counter.At(Counter.At((ulong)o.Seed, 3), (ulong)position);
        _source.Fill(window, _batch, slot, visit);
        if (o.InputDropout > 0f)
        {
            Training.InputDropout.Apply(_batch, slot, Counter.At(visit, 1), o.InputDropout);
        }
    }

    private float Rate(int step)
    {
        var o = _options;
        var rate = o.LearningRate * (o.WarmupSteps > 0 ? Math.Min(1.0, (step + 1.0) / o.WarmupSteps) : 1.0);
        return (float)(o.Schedule switch
        {
            LearningRateSchedule.Cosine => rate * (0.5 + (0.5 * Math.Cos(Math.PI * step / o.Steps))),
            LearningRateSchedule.Plateau => rate * Math.Pow(o.PlateauFactor, _state.Drops),
            _ => rate,
        });
    }

    private void Average(float decay)
    {
        float[] average = _state.Average, weights = _state.Weights.Data;
        for (var i = 0; i < average.Length; i++)
        {
            average[i] += (weights[i] - average[i]) * (1f - decay);
        }
    }

    private void Validate()
    {
        var weights = _state.Weights.Clone();
        Averaged().CopyTo(weights.Data, 0);
        _state.ValidationLoss = Loss(weights, _validation!);
        if (double.IsNaN(_state.BestLoss) || _state.ValidationLoss < _state.BestLoss)
        {
            (_state.BestLoss, _state.Stale) = (_state.ValidationLoss, 0);
            weights.Data.CopyTo(_state.Best, 0);
            return;
        }

        _state.Stale++;
        if (_options.Schedule == LearningRateSchedule.Plateau && _state.Stale % (_options.PlateauPatience + 1) == 0)
        {
            _state.Drops++;
        }

        _state.Stopped = _options.Patience > 0 && _state.Stale >= _options.Patience;
    }

    private void Save()
    {
        if (_options.CheckpointPath is { } path)
        {
            Checkpoint.Save(path, _state, _options, _source.Count);
        }
    }

    private TrainingProgress Progress(long start, int first)
    {
        var (s, o) = (_state, _options);
        var seconds = _time.GetElapsedTime(start).TotalSeconds;
        var rate = seconds > 0 ? (s.Step - first) * (double)o.BatchSize / seconds : 0.0;
        var remaining = rate > 0 ? TimeSpan.FromSeconds(Math.Min(1e9, (o.Steps - s.Step) * (double)o.BatchSize / rate)) : TimeSpan.MaxValue;
        var windows = (long)s.Step * o.BatchSize;
        return new TrainingProgress(
            s.Step, o.Steps, windows / _source.Count, windows, rate, remaining, s.Loss, s.Step > 0 ? Rate(s.Step - 1) : 0.0, s.ValidationLoss, s.BestLoss);
    }
}
