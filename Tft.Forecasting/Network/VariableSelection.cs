namespace Tft.Forecasting.Network;

/// <summary>Variable selection network, paper section 4.2: at each step a weighted sum of the variables, the weights chosen by looking at all of them.</summary>
internal sealed unsafe class VariableSelection
{
    private readonly SelectionShape _shape;
    private readonly JointSelection _joint;
    private readonly Variable[] _each;
    private readonly nint _dweights;
    private readonly int _steps;

    public VariableSelection(Plan plan, Scratch scratch, SelectionShape shape, int windows, int steps)
    {
        (_shape, _steps) = (shape, steps);
        _joint = new JointSelection(plan, scratch, shape, windows, steps);
        _each = [.. Enumerable.Range(0, shape.Variables).Select(i => new Variable(plan, scratch, shape, i, windows, steps))];
        _dweights = plan.Tape.Take((nint)steps * _joint.Row);
    }

    /// <summary>The static context's map.</summary>
    public ContextMap Context => _joint.Context;

    public void Pack(float* prepared, TftWeights w)
    {
        _joint.Pack(prepared, w);
        foreach (var variable in _each)
        {
            variable.Pack(prepared, w);
        }
    }

    /// <summary>selected [steps, H padded] of one window.</summary>
    public void Forward(in Pass p, in SelectionInput input, int window, float* selected)
    {
        _joint.Forward(p, input, window);
        foreach (var variable in _each)
        {
            variable.Forward(p, input, window, _joint.Weights(p, window), _joint.Row, selected);
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
