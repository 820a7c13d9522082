using Tft.Forecasting.Network.Buffers;

namespace Tft.Forecasting.Network.Layers;

/// <summary>Variable selection network, paper section 4.2: at each step a weighted sum of the variables, the weights chosen by looking at all of them.</summary>
internal sealed unsafe class VariableSelection
{
    private readonly SelectionShape _shape;
    private readonly JointSelection _joint;
    private readonly Variable[] _each = [];
    private readonly VariableCurve[] _curves = [];
    private readonly nint _dweights;
    private readonly int _steps;

    public VariableSelection(Plan plan, Scratch scratch, SelectionShape shape, int windows, int steps)
    {
        (_shape, _steps) = (shape, steps);
        _joint = new JointSelection(plan, scratch, shape, windows, steps);
        if (plan.Learns)
        {
            _each = [.. Enumerable.Range(0, shape.Variables).Select(i => new Variable(plan, scratch, shape, i, windows, steps))];
            _dweights = plan.Tape.Take((nint)steps * _joint.Row);
        }
        else
        {
            _curves = [.. Enumerable.Range(0, shape.Variables).Select(i => new VariableCurve(plan, shape, i, steps))];
        }
    }

    /// <summary>The static context's map.</summary>
    public ContextMap Context => _joint.Context;

    /// <summary>The curves of a network that only forecasts.</summary>
    public IReadOnlyList<VariableCurve> Curves => _curves;

    /// <param name="p">A pass whose tape nobody else uses.</param>
    /// <param name="w">The weights.</param>
    public void Pack(in Pass p, TftWeights w)
    {
        _joint.Pack(p.Weights, w);
        foreach (var variable in _each)
        {
            variable.Pack(p.Weights, w);
        }

        foreach (var curve in _curves)
        {
            curve.Pack(p, w);
        }
    }

    /// <summary>selected [steps, H padded] of each window.</summary>
    /// <param name="p">The pass.</param>
    /// <param name="inputs">Inputs of the windows.</param>
    /// <param name="selected">Of the first window.</param>
    /// <param name="selectedRow">Floats from window to window.</param>
    public void Forward(in Pass p, ReadOnlySpan<SelectionInput> inputs, float* selected, nint selectedRow)
    {
        for (var b = 0; b < inputs.Length; b++)
        {
            _joint.Forward(p, inputs[b], b, _steps);
            foreach (var variable in _each)
            {
                variable.Forward(p, inputs[b], b, _joint.Weights(p, b), _joint.Row, selected + (b * selectedRow));
            }
        }

        // one curve for all windows before the next, so that its table stays in the cache
        foreach (var curve in _curves)
        {
            for (var b = 0; b < inputs.Length; b++)
            {
                curve.Mix(p, inputs[b], _joint.Weights(p, b), _joint.Row, _steps, selected + (b * selectedRow));
            }
        }
    }

    /// <summary>selected [steps, H padded] for some steps of one window, by curves.</summary>
    /// <param name="p">The pass.</param>
    /// <param name="input">Inputs of these steps.</param>
    /// <param name="window">The window, whose context counts.</param>
    /// <param name="steps">How many.</param>
    /// <param name="selected">Where the vectors go.</param>
    public void Select(in Pass p, in SelectionInput input, int window, int steps, float* selected)
    {
        _joint.Forward(p, input, window, steps);
        foreach (var curve in _curves)
        {
            curve.Mix(p, input, _joint.Weights(p, window), _joint.Row, steps, selected);
        }
    }

    public void Backward(in Pass p, in SelectionInput input, int window, float* dselected)
    {
        var dweights = p.Tape + _dweights;
        foreach (var variable in _each)
        {
            variable.Backward(p, input, window, dselected, _joint.Weights(p, window), dweights, _joint.Row);
        }

        _joint.Backward(p, input, window, dweights);
    }

    public void Collect(float* gradient, TftWeights w, float[] g)
    {
        _joint.Collect(gradient, w, g);
        foreach (var variable in _each)
        {
            variable.Collect(gradient, w, g);
        }
    }

    /// <summary>Copies a window's selection weights to [steps, V].</summary>
    public void CopyWeights(in Pass p, int window, Span<float> destination)
    {
        var v = _shape.Variables;
        for (var t = 0; t < _steps; t++)
        {
            new ReadOnlySpan<float>(_joint.Weights(p, window) + ((nint)t * _joint.Row), v).CopyTo(destination.Slice(t * v, v));
        }
    }
}
