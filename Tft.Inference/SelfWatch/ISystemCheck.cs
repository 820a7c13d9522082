namespace Tft.Inference.SelfWatch;

/// <summary>One thing that the service watches about itself.</summary>
internal interface ISystemCheck
{
    /// <summary>Name of the rule on the wire; begins with <c>system_</c>.</summary>
    string Rule { get; }

    /// <summary>warning or critical.</summary>
    string Severity => "warning";

    /// <summary>How long it must be bad before it fires.</summary>
    TimeSpan For { get; }

    /// <summary>Readings of now, one for each subject that there is something to say of; an empty answer is good, too.</summary>
    IEnumerable<SystemReading> Read(DateTimeOffset now);
}

/// <summary>One reading.</summary>
/// <param name="Subject">What it is of, where the rule has several (a source); else empty.</param>
/// <param name="IsBad">Beyond the limit.</param>
/// <param name="Value">In the unit of the limit.</param>
/// <param name="Limit">Of the settings.</param>
/// <param name="Text">What is wrong, with the numbers, and what to do.</param>
internal sealed record SystemReading(string Subject, bool IsBad, double Value, double Limit, string Text);
