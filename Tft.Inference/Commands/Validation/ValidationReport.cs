using System.Globalization;
using Tft.Contract.Messages;

namespace Tft.Inference.Commands.Validation;

/// <summary>What a file's check found.</summary>
internal sealed class ValidationReport
{
    /// <summary>Faults kept for printing; all are counted.</summary>
    private const int MaximumKept = 100_000;

    private readonly List<string> _faults = [];
    private readonly SortedDictionary<string, long> _byCode = new(StringComparer.Ordinal);
    private readonly HashSet<string> _servers = new(StringComparer.Ordinal);
    private readonly HashSet<(string Server, long Seconds)> _seen = [];
    private long _faultCount;
    private long _first = long.MaxValue;
    private long _last = long.MinValue;

    public long Records { get; private set; }

    public long Good { get; private set; }

    public long Duplicates { get; private set; }

    public bool IsClean => _faultCount == 0 && Records > 0;

    public void Accept(string server, long seconds)
    {
        Records++;
        Good++;
        _servers.Add(server);
        if (!_seen.Add((server, seconds)))
            Duplicates++;
        _first = Math.Min(_first, seconds);
        _last = Math.Max(_last, seconds);
    }

    public void Reject(long row, RejectedRecord rejected)
    {
        Records++;
        Fault(row, rejected.Code, rejected.Message);
    }

    /// <summary>A fault that is no record's: a line that is not JSON, a column that nobody knows.</summary>
    public void Fault(long row, string code, string message)
    {
        _faultCount++;
        _byCode[code] = _byCode.GetValueOrDefault(code) + 1;
        if (_faults.Count < MaximumKept)
            _faults.Add(string.Create(CultureInfo.InvariantCulture, $"row {row}: {code}: {message}"));
    }

    public void Print(TextWriter output, int most)
    {
        foreach (var fault in _faults.Take(most))
            output.WriteLine(fault);
        if (_faultCount > Math.Min(most, _faults.Count))
            output.WriteLine($"... and {_faultCount - Math.Min(most, _faults.Count)} more");
        output.WriteLine($"{Records} records, {Good} good, {Records - Good} refused, {Duplicates} duplicates, {_servers.Count} servers");
        foreach (var (code, count) in _byCode)
            output.WriteLine($"  {code,-20} {count}");
        if (Good > 0)
            output.WriteLine($"from {Time(_first)} to {Time(_last)}");
        if (Records == 0)
            output.WriteLine("The file holds no records.");
    }

    private static string Time(long seconds) =>
        DateTimeOffset.FromUnixTimeSeconds(seconds).UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
}
