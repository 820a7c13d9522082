using System.Net;
using System.Text;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Logs;
using Aspire.Hosting.Running;

namespace Aspire.Hosting.ResourcePage;

/// <summary>Writes the two pages. Whatever comes from a resource is encoded.</summary>
internal static class ResourcePageHtml
{
    private const int TailLines = 8;
    private static readonly string Style = ReadStyle();

    public static string List(string application, DistributedApplicationModel model, ResourceNotificationService notifications, ResourceLoggerService logs, PageToken token)
    {
        var html = Begin($"{application}: resources", refreshSeconds: 3);
        html.Append("<table><thead><tr><th>Resource</th><th>State</th><th>Health</th><th>URL</th><th></th></tr></thead><tbody>");
        foreach (var resource in model.Resources.Where(ResourceRow.IsShown))
        {
            var states = notifications.StatesOf(resource.Name).ToList();
            foreach (var state in states)
                AppendRow(html, state, ResourceRow.Of(state), token, withButtons: state == states[0]);
            AppendTail(html, resource.Name, logs);
        }

        return html.Append("</tbody></table></body></html>").ToString();
    }

    public static string Logs(string name, IReadOnlyList<LogLine> lines)
    {
        var html = Begin($"{name}: log", refreshSeconds: null);
        html.Append("<p><a href=\"/\">Resources</a></p><pre>");
        foreach (var line in lines)
            html.Append(line.IsErrorMessage ? "<span class=\"error\">" : "<span>").Append(Encode(AnsiText.Strip(line.Content))).Append("</span>\n");
        return html.Append("</pre></body></html>").ToString();
    }

    private static StringBuilder Begin(string title, int? refreshSeconds) => new StringBuilder("<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\">")
        .Append("<meta name=\"viewport\" content=\"width=device-width\">")
        .Append(refreshSeconds is null ? "" : $"<meta http-equiv=\"refresh\" content=\"{refreshSeconds}\">")
        .Append("<title>").Append(Encode(title)).Append("</title><style>").Append(Style).Append("</style></head><body><h1>")
        .Append(Encode(title)).Append("</h1>");

    private static void AppendRow(StringBuilder html, ResourceEvent state, ResourceRow row, PageToken token, bool withButtons)
    {
        html.Append("<tr class=\"").Append(row.IsSettled ? row.Health == "Healthy" ? "healthy" : "ended" : "busy").Append("\"><th scope=\"row\">")
            .Append(Encode(row.Name)).Append("</th><td>").Append(Encode(row.State)).Append("</td><td>").Append(Encode(row.Health)).Append("</td><td>");
        foreach (var url in state.Snapshot.Urls)
        {
            var isLink = Uri.TryCreate(url.Url, UriKind.Absolute, out var target) && target.Scheme is "http" or "https";
            html.Append(isLink ? $"<a href=\"{Encode(url.Url)}\">{Encode(url.Url)}</a> " : $"{Encode(url.Url)} ");
        }

        html.Append("</td><td>");
        if (withButtons)
        {
            var canStart = state.Snapshot.State?.Text is not { } text || text == KnownResourceStates.NotStarted || KnownResourceStates.IsUnavailable(text);
            AppendButton(html, state.Resource.Name, KnownResourceCommands.StartCommand, "Start", canStart, token);
            AppendButton(html, state.Resource.Name, KnownResourceCommands.StopCommand, "Stop", !canStart, token);
        }

        html.Append("</td></tr>");
        if (state.Snapshot.Reason is { } reason)
            html.Append("<tr class=\"detail\"><td colspan=\"5\"><pre class=\"error\">").Append(Encode(reason)).Append("</pre></td></tr>");
    }

    private static void AppendButton(StringBuilder html, string resource, string command, string label, bool isEnabled, PageToken token) => html
        .Append("<form method=\"post\" action=\"/resources/").Append(Uri.EscapeDataString(resource)).Append('/').Append(command)
        .Append("\"><input type=\"hidden\" name=\"token\" value=\"").Append(token.Text).Append(isEnabled ? "\"><button>" : "\"><button disabled>").Append(label).Append("</button></form>");

    private static void AppendTail(StringBuilder html, string resource, ResourceLoggerService logs)
    {
        html.Append("<tr class=\"detail\"><td colspan=\"5\"><pre>");
        foreach (var line in logs.TailLines(resource, TailLines))
            html.Append(line.IsErrorMessage ? "<span class=\"error\">" : "<span>").Append(Encode(AnsiText.Strip(line.Content))).Append("</span>\n");
        html.Append("</pre><a href=\"/logs/").Append(Uri.EscapeDataString(resource)).Append("\">Log</a></td></tr>");
    }

    private static string Encode(string text) => WebUtility.HtmlEncode(text);

    private static string ReadStyle()
    {
        using var reader = new StreamReader(typeof(ResourcePageHtml).Assembly.GetManifestResourceStream("page.css")!);
        return reader.ReadToEnd();
    }
}
