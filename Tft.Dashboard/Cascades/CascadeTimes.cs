using Tft.Contract.Messages;
using Tft.Dashboard.Charts;
using Tft.Dashboard.Fleet;

namespace Tft.Dashboard.Cascades;

/// <summary>The time axis of a group's timeline, and the bars of its members, in 1000 units.</summary>
internal sealed class CascadeTimes
{
    /// <summary>Before the first and after the last rise, so that the calm before and what came of it are seen.</summary>
    private static readonly TimeSpan s_margin = TimeSpan.FromMinutes(90);

    private readonly CascadesResponse _answer;

    public CascadeTimes(CascadesResponse answer, CascadeGroup group)
    {
        _answer = answer;
        var last = group.Members.Max(m => m.Rises);
        var end = answer.From.AddSeconds((double)answer.StepSeconds * (group.Members.Count == 0 ? 0 : group.Members.Max(m => m.Course.Count)));
        From = group.Begins - s_margin > answer.From ? group.Begins - s_margin : answer.From;
        To = last + s_margin < end ? last + s_margin : end;
    }

    public DateTimeOffset From { get; }
    public DateTimeOffset To { get; }

    public double X(DateTimeOffset time) => Math.Clamp((time - From) / (To - From), 0, 1) * BandGeometry.Size;

    public bool Holds(DateTimeOffset time) => time >= From && time <= To;

    /// <summary>Stretches of one level, in which nothing is healthy; null level where nothing is known.</summary>
    public IEnumerable<(double X, double Width, Level? Level)> Bars(CascadeMember member)
    {
        for (var i = 0; i < member.Course.Count;)
        {
            var (begin, level) = (i, LevelOf(member.Course[i]));
            while (i < member.Course.Count && LevelOf(member.Course[i]) == level)
            {
                i++;
            }

            var (left, right) = (X(TimeOf(begin)), X(TimeOf(i)));
            if (right > left && level != Level.Healthy)
            {
                yield return (left, right - left, level);
            }
        }
    }

    private DateTimeOffset TimeOf(int step) => _answer.From.AddSeconds((double)_answer.StepSeconds * step);

    private static Level? LevelOf(int? risk) => risk switch { null => null, >= 70 => Level.Critical, >= 40 => Level.Warning, >= 20 => Level.Watch, _ => Level.Healthy };
}
