using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Tft.Contract.Messages;

namespace Tft.Inference.Alerts.Delivery;

/// <summary>A group is one message: a headline, and a line for each alert.</summary>
internal sealed class SlackChannel(SlackOptions options, AlertPost post) : IAlertChannel
{
    /// <summary>Slack cuts a message at 40,000 characters and asks for 4,000 at most.</summary>
    private const int MostCharacters = 4000;
    private const int LineLength = 300;

    public string Name { get; } = $"slack {new Uri(options.Url).Authority}";

    public ChannelOptions Options => options;

    public int LargestGroup => 100;

    public Task<DeliveryOutcome> SendAsync(AlertGroup group, CancellationToken cancellationToken) => post.SendAsync(
        options.Url, JsonSerializer.SerializeToUtf8Bytes(new SlackMessage(Text(group.Alerts)), SlackJson.Default.SlackMessage), group.Key, authorization: null, cancellationToken);

    internal static string Text(IReadOnlyList<AlertInfo> alerts)
    {
        var text = new StringBuilder();
        if (alerts.Count > 1)
            text.Append('*').Append(Escape(AlertText.Headline(alerts))).Append('*');
        for (var i = 0; i < alerts.Count; i++)
        {
            var line = $"{Mark(alerts[i])} *{(alerts[i].State == "resolved" ? "resolved" : alerts[i].Severity)}* {Escape(AlertText.Of(alerts[i]))}";
            var rest = $"\n… and {alerts.Count - i} more";
            if (text.Length + line.Length + rest.Length + 1 > MostCharacters)
                return text.Append(rest).ToString();
            text.Append(text.Length > 0 ? "\n" : "").Append(line);
        }

        return text.ToString();
    }

    // what Slack's format asks for: nothing in a name may become a link or a mention
    private static string Escape(string text) => AlertText.OneLine(text, LineLength)
        .Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal);

    private static string Mark(AlertInfo alert) => alert switch
    {
        { State: "resolved" } => ":white_check_mark:",
        { Severity: "critical" } => ":red_circle:",
        _ => ":large_orange_circle:",
    };
}

/// <summary>Body of a post to an incoming webhook.</summary>
internal sealed record SlackMessage(string Text);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(SlackMessage))]
internal sealed partial class SlackJson : JsonSerializerContext;
