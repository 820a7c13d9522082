using System.Globalization;
using Tft.Forecasting.Training;

namespace Tft.Inference.Commands;

/// <summary>A progress bar with rate and time left: rewritten in place on a terminal, a line now and then elsewhere.</summary>
internal sealed class ProgressLine(TextWriter output, bool terminal, TimeProvider time)
{
    private const int Width = 30;
    private static readonly TimeSpan s_quiet = TimeSpan.FromSeconds(10);
    private long? _last;

    public void Report(int network, int networks, TrainingProgress p)
    {
        var done = p.Step == p.Steps;
        if (_last is { } last && !done && time.GetElapsedTime(last) < (terminal ? TimeSpan.FromSeconds(0.2) : s_quiet))
            return;
        _last = time.GetTimestamp();
        var filled = (int)((long)Width * p.Step / p.Steps);
        var line = string.Create(CultureInfo.InvariantCulture,
            $"network {network + 1}/{networks} [{new string('#', filled)}{new string('.', Width - filled)}] {p.Step}/{p.Steps} loss {p.Loss:F4} {p.WindowsPerSecond:F0} windows/s, {p.Remaining:hh\\:mm\\:ss} left");
        output.Write(terminal ? $"\r{line}  {(done ? "\n" : "")}" : line + "\n");
        output.Flush();
    }
}
