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
        new("near", "Networks for the next hour", s_usual.Near.ToString(s_culture), "0 to 16, beside the others", OfShape: true),
        new("near_steps", "Steps of each of those", s_usual.NearSteps.ToString(s_culture), "1 to 100,000"),
        new("trees", "Boosted trees", s_usual.Trees.ToString(s_culture), "0 to 2,000, for the next hour", OfShape: true),
        new("batch", "Windows a step", s_usual.Batch.ToString(s_culture), "1 to 1,024"),
        new("origin_step", "Origin every", s_usual.OriginStep.ToString(s_culture), "1 to 288 steps of five minutes"),
        new("validation_days", "Days to stop by", s_usual.ValidationDays.ToString(s_culture), "0 to 30; 0 trains all steps"),
        new("newcomers", "Share as newcomers", s_usual.Newcomers.ToString(s_culture), "0 to 1; learned from as of a server of which a day is known"),
        new("seed", "Seed", s_usual.Seed.ToString(s_culture), "any whole number"),
    ];

    /// <summary>What is switched on, by its name on the wire.</summary>
    public HashSet<string> On { get; } = [.. Switches.Where(s => s.Usual.Length > 0).Select(s => s.Name)];

    /// <summary>What can be switched on.</summary>
    public static IReadOnlyList<TrainingField> Switches { get; } =
    [
        new("stretch", "Larger unit", s_usual.Stretch ? "on" : "", "a metric that has left its usual range for good is seen in a larger unit", OfShape: true),
        new("wide_head", "Wide head", s_usual.WideHead ? "on" : "", "the networks can say very large corrections", OfShape: true),
        new("unusual", "Every unusual origin", s_usual.Unusual ? "on" : "", "those before which a metric was far from usual for an hour"),
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
            Near = Whole("near"),
            NearSteps = Whole("near_steps"),
            Trees = Whole("trees"),
            Stretch = On.Contains("stretch"),
            WideHead = On.Contains("wide_head"),
            Unusual = On.Contains("unusual"),
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

/// <summary>A number or a switch of the form.</summary>
/// <param name="Name">On the wire.</param>
/// <param name="Label">Before the input.</param>
/// <param name="Usual">What it is if left alone; of a switch, empty where it is off.</param>
/// <param name="Hint">What it may be, and what for.</param>
/// <param name="OfShape">Given by the model where one is continued.</param>
public sealed record TrainingField(string Name, string Label, string Usual, string Hint, bool OfShape = false);
