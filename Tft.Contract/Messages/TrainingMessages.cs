using System.Text.Json.Serialization;

namespace Tft.Contract.Messages;

/// <summary>POST /admin/train: how to train; all may be left out. The rest is as <c>train</c> does it by itself.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record TrainingRequest
{
    /// <summary>The data set that is the service's own.</summary>
    public const string History = "history";

    // set and not init: what generated code leaves out of init keeps no default
    /// <summary><c>history</c> (what this service has measured), or the name of a folder of <c>Tft:TrainingDirectory</c>.</summary>
    public string Data { get; set; } = History;

    /// <summary>Version of the model to go on from, or null to begin from nothing. With it, networks, near, trees, hidden, stretch and wide_head are the model's own.</summary>
    public string? From { get; set; }
    public int Networks { get; set; } = 2;
    public int Steps { get; set; } = 2500;

    /// <summary>Networks for the next hour, beside the others, and the steps of each.</summary>
    public int Near { get; set; }
    public int NearSteps { get; set; } = 12_000;

    /// <summary>Boosted trees that correct the base beside the networks, of each of two forests.</summary>
    public int Trees { get; set; }
    public int Hidden { get; set; } = 16;

    /// <summary>Whether a metric that has left its usual range for good is seen in a larger unit.</summary>
    public bool Stretch { get; set; }

    /// <summary>Whether the networks can say very large corrections.</summary>
    public bool WideHead { get; set; }

    /// <summary>Whether every origin is trained on before which a metric was far from usual for an hour.</summary>
    public bool Unusual { get; set; }
    public int Batch { get; set; } = 64;
    public int OriginStep { get; set; } = 6;
    public int Seed { get; set; } = 1;
    public int ValidationDays { get; set; }

    /// <summary>Share of what is learned from as of a server of which one day is known.</summary>
    public double Newcomers { get; set; } = 0.5;

    /// <summary>Begins even where it is too soon after others or not the time of day.</summary>
    public bool Force { get; set; }

    /// <summary>Everything that is wrong with it; each begins with the name of the field on the wire.</summary>
    public IEnumerable<string> Problems()
    {
        if (Data.Length is 0 or > 100 || Data is "." or ".." || Data.AsSpan().ContainsAny(Path.GetInvalidFileNameChars()) || Data.Contains('\\', StringComparison.Ordinal) || Data.StartsWith('-'))
            yield return "data is neither 'history' nor the name of a folder of Tft:TrainingDirectory";
        if (Networks is < 1 or > 16)
            yield return $"networks is {Networks}, expected 1 to 16";
        if (Steps is < 1 or > 100_000)
            yield return $"steps is {Steps}, expected 1 to 100000";
        if (Near is < 0 or > 16)
            yield return $"near is {Near}, expected 0 to 16";
        if (NearSteps is < 1 or > 100_000)
            yield return $"near_steps is {NearSteps}, expected 1 to 100000";
        if (Trees is < 0 or > 2000)
            yield return $"trees is {Trees}, expected 0 to 2000";
        if (Hidden is < 4 or > 128 || Hidden % 2 != 0)
            yield return $"hidden is {Hidden}, expected an even number from 4 to 128";
        if (Batch is < 1 or > 1024)
            yield return $"batch is {Batch}, expected 1 to 1024";
        if (OriginStep is < 1 or > 288)
            yield return $"origin_step is {OriginStep}, expected 1 to 288";
        if (ValidationDays is < 0 or > 30)
            yield return $"validation_days is {ValidationDays}, expected 0 to 30";
        if (Newcomers is not (>= 0 and <= 1))
            yield return $"newcomers is {Newcomers}, expected 0 to 1";
    }
}

/// <summary>A job as POST, GET and DELETE show it.</summary>
public sealed record TrainingJobResponse
{
    public required string Job { get; init; }

    /// <summary>reading, training, succeeded, failed or cancelled.</summary>
    public required string State { get; init; }
    public required string Data { get; init; }
    public required DateTimeOffset Started { get; init; }
    public DateTimeOffset? Ended { get; init; }

    /// <summary>Where training stands; null before its first word.</summary>
    public TrainingJobProgress? Progress { get; init; }

    /// <summary>Name of the model folder, once it is there.</summary>
    public string? Model { get; init; }

    /// <summary>Whether it was found better than seasonal naive and the active model; null before, and where there was nothing to test on.</summary>
    public bool? Promoted { get; init; }

    /// <summary>Whether it serves.</summary>
    public bool Active { get; init; }

    /// <summary>Why it was promoted or not, or why the job failed.</summary>
    public string? Reason { get; init; }
}

/// <summary>Answer of GET /admin/train: the last trainings, newest first.</summary>
public sealed record TrainingJobsResponse(IReadOnlyList<TrainingJobResponse> Jobs);

/// <summary>How far the networks are.</summary>
public sealed record TrainingJobProgress(int Network, int Networks, int Step, int Steps, double Percent, double Loss, double WindowsPerS, double? EtaS);
