using Tft.Adapters.Mapping;
using Tft.Contract.Metrics;

namespace Tft.Adapters.Sources.Elasticsearch;

/// <summary>Where the cluster finds what it is to average, by a mapping that it can follow: plain fields, numbers in them, a document a record.</summary>
/// <param name="ServerPath">The mapping's path of the server's name.</param>
/// <param name="Server">The field to group by.</param>
/// <param name="Texts">State and profile, as far as they are there.</param>
internal sealed record MeansFields(FieldPath ServerPath, string Server, IReadOnlyList<MeanField> Metrics, IReadOnlyList<TextField> Texts)
{
    /// <summary>A field of whole numbers cuts what stands behind the point; that is nothing where its unit is so small a part of the metric's.</summary>
    private const double SmallScale = 1e-3;

    /// <summary>All fields that matter, for <see cref="IndexFields.ReadAsync"/>.</summary>
    public static IEnumerable<string> Wanted(MappingPlan plan, ElasticOptions options) =>
        plan.Fields.SelectMany(f => f.Value.Paths.SelectMany(p => MetricCatalog.Find(f.Key) is null ? (string[])[p.Text, p.Text + ".keyword"] : [p.Text])).Append(options.TimeField);

    /// <returns>Null, with the reason: documents have to be read one by one.</returns>
    public static MeansFields? Of(MappingPlan plan, IndexFields index, ElasticOptions options, out string reason)
    {
        var metrics = new List<MeanField>();
        var texts = new List<TextField>();
        reason = Unsuited(plan) ?? "";
        var server = First(plan, index, "server_name");
        var time = First(plan, index, "timestamp");
        if (reason.Length == 0 && time?.Text != options.TimeField)
            reason = $"the mapping's timestamp is {time?.Text ?? "not there"}, and documents are asked for by {options.TimeField}";
        else if (reason.Length == 0 && !index.Is(options.TimeField, "date", "date_nanos"))
            reason = $"{options.TimeField} is mapped as {index.Types(options.TimeField)}";
        if (reason.Length == 0 && server is null)
            reason = $"no index has one of {string.Join(", ", plan.Fields["server_name"].Paths)}";
        foreach (var metric in MetricCatalog.All)
        {
            if (reason.Length > 0 || !plan.Fields.TryGetValue(metric.Name, out var rule))
                continue;
            if (rule.Paths.Count(p => index.Has(p.Text)) > 1)
                reason = $"{metric.Name} stands at more than one place";
            else if (rule.Paths.FirstOrDefault(p => index.Has(p.Text)) is { } path && (reason = NoNumber(index, path.Text, metric, rule)).Length == 0)
                metrics.Add(new MeanField(metric, rule, path));
        }

        foreach (var field in (string[])["state", "profile"])
        {
            if (reason.Length > 0 || First(plan, index, field) is not { } path)
                continue;
            if (index.Keyword(path.Text) is { } keyword && !index.IsNested(path.Text))
                texts.Add(new TextField(field, path, keyword));
            else
                reason = $"{path} is mapped as {index.Types(path.Text)}";
        }

        if (reason.Length > 0)
            return null;
        if (index.Keyword(server!.Text) is { } group && !index.IsNested(server.Text))
            return new MeansFields(server, group, metrics, texts);
        reason = $"{server} is mapped as {index.Types(server.Text)}, without a keyword";
        return null;
    }

    private static FieldPath? First(MappingPlan plan, IndexFields index, string field) =>
        plan.Fields.TryGetValue(field, out var rule) ? rule.Paths.FirstOrDefault(p => index.Has(p.Text)) : null;

    private static string? Unsuited(MappingPlan plan)
    {
        if (plan.MergeSeconds > 0)
            return $"documents of {plan.MergeSeconds} s are one record";
        foreach (var (name, rule) in plan.Fields)
        {
            if (rule.Rate)
                return $"{name} is the rate of a counter";
            if (rule.Where.Length > 0)
                return $"{name} has a where";
            if (rule.Paths.FirstOrDefault(p => p.Steps.Any(s => s.Name is null)) is { } list)
                return $"{list} is an element of a list";
            // Here each document that lacks it would count.
            if (rule.Default is not null && rule.Paths.Length > 0)
                return $"{name} has a default";
        }

        return plan.Fields.GetValueOrDefault("server_name") is { Paths.Length: > 0, Constant: null, Rename.Count: 0 } ? null : "servers are renamed or have a constant name";
    }

    private static string NoNumber(IndexFields index, string field, MetricDefinition metric, FieldRule rule)
    {
        if (index.IsNested(field))
            return $"{field} lies in nested objects";
        if (index.Is(field, "float", "double", "scaled_float"))
            return "";
        if (!index.Is(field, "float", "double", "scaled_float", "long", "integer"))
            return $"{field} is mapped as {index.Types(field)}";
        return metric.IsInteger || Math.Abs(rule.Scale) <= SmallScale ? "" : $"{field} is mapped as {index.Types(field)}, which cuts what stands behind the point: map it as float";
    }
}

/// <summary>A metric, its rule and the one path of the rule that the indices have.</summary>
internal sealed record MeanField(MetricDefinition Metric, FieldRule Rule, FieldPath Path);

/// <summary>State or profile, its path, and the field to group by.</summary>
internal sealed record TextField(string Name, FieldPath Path, string Keyword);
