using System.Globalization;
using System.Text;

namespace Tft.Dashboard.Navigation;

/// <summary>Every address of the dashboard. What a page shows is in its address, so that it can be shared and survives a reload.</summary>
internal static class DashboardUrls
{
    public const string Fleet = "/";
    public const string Heatmap = "/heatmap";
    public const string Servers = "/servers";
    public const string Server = "/server";
    public const string Alerts = "/alerts";
    public const string Remediation = "/remediation";
    public const string Cascade = "/cascade";
    public const string Insights = "/insights";
    public const string History = "/history";
    public const string Models = "/models";
    public const string Sources = "/sources";
    public const string Docs = "/docs";

    /// <summary>The document of the service's own API.</summary>
    public const string OpenApiExport = "/export/openapi";

    /// <summary>Names go into the query string: they may hold slashes.</summary>
    public static string ServerOf(string name, string? metric = null, string? tab = null, int? hours = null, int? lead = null, string? before = null, string? from = null, string? to = null) =>
        With(Server, ("name", name), ("metric", metric), ("tab", tab), ("hours", hours?.ToString(CultureInfo.InvariantCulture)), ("lead", lead?.ToString(CultureInfo.InvariantCulture)), ("before", before), ("from", from), ("to", to));

    public static string AlertsOf(string? view = null, string? severity = null, string? q = null) => With(Alerts, ("view", view), ("severity", severity), ("q", q));

    public static string ModelsOf(string? tab = null, string? model = null, string? from = null) => With(Models, ("tab", tab), ("model", model), ("from", from));

    public static string HistoryOf(string? name = null, string? metric = null, string? from = null, string? to = null, string? lead = null, string? tab = null) =>
        With(History, ("name", name), ("metric", metric), ("from", from), ("to", to), ("lead", lead), ("tab", tab));

    public static string HistoryExport(string format, string name, string metric, string from, string to, string lead) =>
        With("/export/history", ("format", format), ("name", name), ("metric", metric), ("from", from), ("to", to), ("lead", lead));

    public static string RemediationOf(string? tab = null, string? open = null, string? q = null, string? level = null) =>
        With(Remediation, ("tab", tab), ("open", open), ("q", q), ("level", level));

    /// <param name="tab">suggested or record.</param>
    /// <param name="format">csv or json.</param>
    public static string RemediationExport(string tab, string format) => With(tab == "record" ? "/export/approvals" : "/export/suggestions", ("format", format));

    public static string CascadeOf(string? open = null, string? tab = null) => With(Cascade, ("open", open), ("tab", tab));

    public static string CascadeExport(string format) => With("/export/cascades", ("format", format));

    public static string DocsOf(string? tab = null) => With(Docs, ("tab", tab));

    public static string MetricsExport(string format) => With("/export/metrics", ("format", format));

    public static string HeatmapOf(string? by = null, string? at = null) => With(Heatmap, ("by", by), ("at", at));

    public static string ServersOf(string? q = null, string? level = null, string? profile = null, string? sort = null, bool ascending = false, string? selected = null) =>
        With(Servers, ("q", q), ("level", level), ("profile", profile), ("sort", sort), ("asc", ascending ? "1" : null), ("selected", selected));

    public static string ServersExport(string format, string? q, string? level, string? profile) =>
        With("/export/servers", ("format", format), ("q", q), ("level", level), ("profile", profile));

    public static string ServerExport(string format, string name) => With("/export/server", ("format", format), ("name", name));

    public static string ExplanationExport(string format, string name) => With("/export/explanation", ("format", format), ("name", name));

    public static string ModelsExport(string format) => With("/export/models", ("format", format));

    public static string QualityExport(string format) => With("/export/quality", ("format", format));

    /// <summary>A path with the parameters that have a value.</summary>
    public static string With(string path, params ReadOnlySpan<(string Name, string? Value)> parameters)
    {
        var url = new StringBuilder(path);
        var separator = '?';
        foreach (var (name, value) in parameters)
        {
            if (!string.IsNullOrEmpty(value))
            {
                url.Append(separator).Append(name).Append('=').Append(Uri.EscapeDataString(value));
                separator = '&';
            }
        }

        return url.ToString();
    }
}
