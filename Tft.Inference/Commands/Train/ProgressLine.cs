using System.Globalization;
using System.Text.RegularExpressions;
using Tft.Forecasting.Training;

namespace Tft.Inference.Commands.Train;

/// <summary>A network's progress bar with its rate, and the time left of the whole training: rewritten in place on a terminal, a line now and then elsewhere.</summary>
internal sealed partial class ProgressLine(TextWriter output, bool terminal, TimeProvider time, TrainingPace pace)
{
    private const int Width = 30;
    private static readonly TimeSpan s_quiet = TimeSpan.FromSeconds(10);
    private long? _last;

    public void Report(int network, TrainingProgress p)
    {
        var (all, remaining) = pace.At(network, p);
        var done = p.Step == p.Steps;
        if (_last is { } last && !done && time.GetElapsedTime(last) < (terminal ? TimeSpan.FromSeconds(0.2) : s_quiet))
            return;
        _last = time.GetTimestamp();
        var filled = (int)((long)Width * p.Step / p.Steps);
        var line = string.Create(CultureInfo.InvariantCulture,
            $"network {network + 1}/{pace.Networks} [{new string('#', filled)}{new string('.', Width - filled)}] {p.Step}/{p.Steps} loss {p.Loss:F4} {p.WindowsPerSecond:F0} windows/s, {100 * all:F1} % of all{Left(remaining)}");
        output.Write(terminal ? $"\r{line}  {(done ? "\n" : "")}" : line + "\n");
        output.Flush();
    }

    /// <summary>Trees are grown last, in a fraction of the time that the networks take.</summary>
    public void ReportTrees(int trees)
    {
        if (_last is { } last && time.GetElapsedTime(last) < s_quiet)
            return;
        _last = time.GetTimestamp();
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{trees} trees"));
        output.Flush();
    }

    /// <summary>What a line of <see cref="Report"/> says, for whoever runs the command; false for any other line.</summary>
    public static bool TryParse(string line, out ReportedProgress progress)
    {
        progress = default;
        if (Pattern().Match(line) is not { Success: true } match)
            return false;
        int Whole(string group) => int.Parse(match.Groups[group].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture);
        double Number(string group) => double.Parse(match.Groups[group].ValueSpan, NumberStyles.Float, CultureInfo.InvariantCulture);
        progress = new ReportedProgress(
            Whole("network"), Whole("networks"), Whole("step"), Whole("steps"), Number("loss"), Number("rate"), Number("percent"),
            match.Groups["hours"].Success ? new TimeSpan(Whole("hours"), Whole("minutes"), Whole("seconds")) : null);
        return true;
    }

    private static string Left(TimeSpan? remaining) =>
        remaining is { } left ? string.Create(CultureInfo.InvariantCulture, $", {(long)left.TotalHours:00}:{left:mm\\:ss} left") : "";

    [GeneratedRegex(@"^network (?<network>\d{1,6})/(?<networks>\d{1,6}) \[[#.]*\] (?<step>\d{1,9})/(?<steps>\d{1,9}) loss (?<loss>-?[\d.]+) (?<rate>[\d.]+) windows/s, (?<percent>[\d.]+) % of all(, (?<hours>\d{2,9}):(?<minutes>\d\d):(?<seconds>\d\d) left)?$", RegexOptions.ExplicitCapture)]
    private static partial Regex Pattern();
}

/// <summary>Where a training stands by its own word; networks are counted from 1, percent and time left are of the whole training.</summary>
internal readonly record struct ReportedProgress(int Network, int Networks, int Step, int Steps, double Loss, double WindowsPerSecond, double Percent, TimeSpan? Remaining);
