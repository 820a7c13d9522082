using System.Globalization;
using Tft.Contract.Metrics;
using Tft.Contract.Problems;
using Tft.Contract.Time;
using Tft.Inference.Forecasts;
using Tft.Inference.Forecasts.Past;

namespace Tft.Inference.Serving.History;

/// <summary>What GET /history was asked for: metrics, a range of steps, and how many steps make a point.</summary>
internal sealed record HistoryQuery
{
    public MetricMask Metrics { get; init; } = MetricMask.All;

    /// <summary>First and last step, inclusive; null for all that is held.</summary>
    public long? From { get; init; }
    public long? To { get; init; }

    /// <summary>Indices into <see cref="PastLeads"/>, rising; null where none is named.</summary>
    public IReadOnlyList<int>? Leads { get; init; }

    /// <summary>Steps per point.</summary>
    public int Every { get; init; } = 1;

    public static bool TryParse(IQueryCollection parameters, out HistoryQuery query, out Problem? problem)
    {
        query = new HistoryQuery();
        problem = null;
        foreach (var (name, values) in parameters)
        {
            var text = values.ToString();
            switch (name)
            {
                case "metric" or "metrics":
                    var mask = default(MetricMask);
                    foreach (var wanted in text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
                    {
                        if (MetricCatalog.Find(wanted) is not { } metric)
                        {
                            problem = BadParameter.Of(name, $"'{wanted}' is no metric");
                            return false;
                        }

                        mask = mask.With(metric.Id);
                    }

                    query = query with { Metrics = mask };
                    break;
                case "from":
                    problem = TryStep(name, text, out var from);
                    query = query with { From = from };
                    break;
                case "to":
                    problem = TryStep(name, text, out var to);
                    query = query with { To = to };
                    break;
                case "lead" or "leads":
                    problem = TryLeads(name, text, out var leads);
                    query = query with { Leads = leads };
                    break;
                case "step":
                    var valid = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
                        && seconds is >= TimeGrid.StepSeconds and <= 86_400 && seconds % TimeGrid.StepSeconds == 0;
                    problem = valid ? null : BadParameter.Of(name, $"'{text}' is not a multiple of 300 seconds up to 86400");
                    query = query with { Every = Math.Max(1, seconds / TimeGrid.StepSeconds) };
                    break;
            }

            if (problem is not null)
                return false;
        }

        if (query.From > query.To)
            problem = BadParameter.Of("from", "it is after 'to'");
        return problem is null;
    }

    private static Problem? TryLeads(string name, string text, out IReadOnlyList<int> leads)
    {
        string[] wanted = text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        leads = [.. wanted.Select(w => Array.IndexOf(PastLeads.Names, w)).Distinct().Order()];
        return wanted.FirstOrDefault(w => !PastLeads.Names.Contains(w)) is { } unknown
            ? BadParameter.Of(name, $"'{unknown}' is not kept; {string.Join(", ", PastLeads.Names)} are")
            : null;
    }

    private static Problem? TryStep(string name, string text, out long step)
    {
        var valid = DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time);
        step = TimeGrid.StepOf(time);
        return valid ? null : BadParameter.Of(name, $"'{text}' is not an ISO 8601 time such as 2025-10-17T12:00:00Z");
    }
}
