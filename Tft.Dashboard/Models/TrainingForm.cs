using System.Globalization;
using Tft.Contract.Messages;

namespace Tft.Dashboard.Models;

/// <summary>The fields of a training as they are typed, and what is wrong with them: by the rules that the service has.</summary>
public sealed class TrainingForm
{
    private static readonly CultureInfo s_culture = CultureInfo.InvariantCulture;
    private static readonly TrainingRequest s_usual = new();

    private readonly Dictionary<string, string> _problems = new(StringComparer.Ordinal);

    public string Data { get; set; } = s_usual.Data;

    /// <summary>Version to go on from; empty to begin from nothing.</summary>
    public string From { get; set; } = "";

    /// <summary>The numbers by their name on the wire.</summary>
    public Dictionary<string, string> Numbers { get; } = Fields.ToDictionary(f => f.Name, f => f.Usual, StringComparer.Ordinal);

    /// <summary>The numbers in the order of the form.</summary>
    public static IReadOnlyList<TrainingField> Fields { get; } =
    [
        new("networks", "Networks", s_usual.Networks.ToString(s_culture), "1 to 16; their mean is the forecast", OfShape: true),
        new("hidden", "Width", s_usual.Hidden.ToString(s_culture), "4 to 128, an even number", OfShape: true),
        new("steps", "Steps of each", s_usual.Steps.ToString(s_culture), "1 to 100,000"),
        new("batch", "Windows a step", s_usual.Batch.ToString(s_culture), "1 to 1,024"),
        new("origin_step", "Origin every", s_usual.OriginStep.ToString(s_culture), "1 to 288 steps of five minutes"),
        new("validation_days", "Days to stop by", s_usual.ValidationDays.ToString(s_culture), "0 to 30; 0 trains all steps"),
        new("newcomers", "Share as newcomers", s_usual.Newcomers.ToString(s_culture), "0 to 1; learned from as of a server of which a day is known"),
        new("seed", "Seed", s_usual.Seed.ToString(s_culture), "any whole number"),
    ];

    /// <summary>What is wrong with a field; null where nothing is known to be.</summary>
    public string? ProblemOf(string field) => _problems.GetValueOrDefault(field);

    public bool HasProblems => _problems.Count > 0;

    /// <summary>The request, if all fields are right; otherwise null, and <see cref="ProblemOf"/> says what is not.</summary>
    public TrainingRequest? TryMake()
    {
        _problems.Clear();
        var request = new TrainingRequest
        {
            Data = Data.Trim(),
            From = From.Length == 0 ? null : From,
            Networks = Whole("networks"),
            Hidden = Whole("hidden"),
            Steps = Whole("steps"),
            Batch = Whole("batch"),
            OriginStep = Whole("origin_step"),
            ValidationDays = Whole("validation_days"),
            Seed = Whole("seed"),
            Newcomers = Share("newcomers"),
        };
        foreach (var problem in request.Problems())
        {
            _problems.TryAdd(problem[..problem.IndexOf(' ', StringComparison.Ordinal)], problem);
        }

        return HasProblems ? null : request;
    }

    private int Whole(string field)
    {
        if (int.TryParse(Numbers[field].Trim(), NumberStyles.AllowLeadingSign, s_culture, out var value))
        {
            return value;
        }

        _problems[field] = $"{field} is '{Numbers[field]}', expected a whole number";
        return 0;
    }

    private double Share(string field)
    {
        if (double.TryParse(Numbers[field].Trim(), NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, s_culture, out var value))
        {
            return value;
        }

        _problems[field] = $"{field} is '{Numbers[field]}', expected a number with a decimal point";
        return 0;
    }
}

/// <summary>A number of the form.</summary>
/// <param name="Name">On the wire.</param>
/// <param name="Label">Before the input.</param>
/// <param name="Usual">What it is if left alone.</param>
/// <param name="Hint">What it may be, and what for.</param>
/// <param name="OfShape">Given by the model where one is continued.</param>
public sealed record TrainingField(string Name, string Label, string Usual, string Hint, bool OfShape = false);
