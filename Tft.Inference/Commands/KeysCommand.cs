using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Tft.Inference.Security;
using Tft.ServiceDefaults.Hosting;

namespace Tft.Inference.Commands;

/// <summary><c>keys create|list|revoke</c>: the API keys of a data directory. A running service takes a change up within two seconds.</summary>
internal static class KeysCommand
{
    public static Command Create()
    {
        var data = new Option<string?>("--data")
        {
            Description = "Data directory. Without it Tft:DataDirectory, else .tft at the solution's root.",
            HelpName = "DIR",
            Recursive = true,
        };
        var command = new Command("keys", "API keys beside the one of .env.") { data };
        command.Subcommands.Add(CreateKey(data));
        command.Subcommands.Add(List(data));
        command.Subcommands.Add(Revoke(data));
        return command;
    }

    private static Command CreateKey(Option<string?> data)
    {
        var scopes = new Option<KeyScopes>("--scope")
        {
            Description = "What it may do: feed, read, admin, separated by commas.",
            HelpName = "SCOPES",
            CustomParser = ParseScopes,
            DefaultValueFactory = static _ => KeyScopes.Feed | KeyScopes.Read,
        };
        var expires = new Option<TimeSpan?>("--expires")
        {
            Description = "How long it lives, for example 90d or 12h. Without it for ever.",
            HelpName = "TIME",
            CustomParser = ParseLifetime,
        };
        var note = new Option<string?>("--note") { Description = "What it is for.", HelpName = "TEXT" };
        var command = new Command("create", "Makes a key and prints it, this once.") { scopes, expires, note };
        command.SetAction(result =>
        {
            var (stored, key) = File(result, data).Create(result.GetValue(scopes), result.GetValue(expires), result.GetValue(note));
            var output = result.InvocationConfiguration.Output;
            output.WriteLine(key);
            output.WriteLine($"id {stored.Id}, scopes {stored.Scopes}, expires {Time(stored.Expires) ?? "never"}. It is not shown again.");
        });
        return command;
    }

    private static Command List(Option<string?> data)
    {
        var command = new Command("list", "All keys, revoked ones included.");
        command.SetAction(result =>
        {
            var output = result.InvocationConfiguration.Output;
            output.WriteLine($"{"id",-10} {"scopes",-18} {"created",-18} {"expires",-18} {"state",-8} note");
            foreach (var key in File(result, data).Load())
            {
                var state = key.Revoked is not null ? "revoked" : key.IsLive(TimeProvider.System.GetUtcNow()) ? "live" : "expired";
                output.WriteLine($"{key.Id,-10} {key.Scopes,-18} {Time(key.Created),-18} {Time(key.Expires) ?? "never",-18} {state,-8} {key.Note}");
            }
        });
        return command;
    }

    private static Command Revoke(Option<string?> data)
    {
        var id = new Argument<string>("ID") { Description = "As keys list shows it." };
        var command = new Command("revoke", "Ends a key at once.") { id };
        command.SetAction(result =>
        {
            if (File(result, data).Revoke(result.GetRequiredValue(id)))
            {
                result.InvocationConfiguration.Output.WriteLine($"Key {result.GetValue(id)} is revoked.");
                return 0;
            }

            result.InvocationConfiguration.Error.WriteLine($"No live key has the id '{result.GetValue(id)}'.");
            return 1;
        });
        return command;
    }

    private static ApiKeyFile File(ParseResult result, Option<string?> data)
    {
        var settings = new ConfigurationBuilder().AddEnvironmentVariables();
        if (result.GetValue(data) is { } folder)
            settings.AddInMemoryCollection([new("Tft:DataDirectory", folder)]);
        return new ApiKeyFile(DataDirectory.Resolve(settings.Build()), TimeProvider.System);
    }

    private static KeyScopes ParseScopes(ArgumentResult result)
    {
        if (KeyScopesText.TryParse(result.Tokens[0].Value, out var scopes))
            return scopes;
        result.AddError($"'{result.Tokens[0].Value}' is no list of scopes; they are feed, read, admin.");
        return KeyScopes.None;
    }

    private static TimeSpan? ParseLifetime(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        if (text.Length > 1 && double.TryParse(text.AsSpan(..^1), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            && number is > 0 and < 100_000)
        {
            switch (text[^1])
            {
                case 'd': return TimeSpan.FromDays(number);
                case 'h': return TimeSpan.FromHours(number);
            }
        }

        result.AddError($"'{text}' is no time; write 90d or 12h.");
        return null;
    }

    private static string? Time(DateTimeOffset? time) => time?.UtcDateTime.ToString("yyyy-MM-dd HH:mm'Z'", CultureInfo.InvariantCulture);
}
