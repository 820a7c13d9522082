using System.Text.Json;
using System.Text.Json.Serialization;

namespace Aspire.Hosting
{
    /// <summary>Properties/launchSettings.json.</summary>
    public sealed class LaunchSettings
    {
        [JsonPropertyName("profiles")]
        public Dictionary<string, LaunchProfile> Profiles { get; set; } = [];
    }

    public sealed class LaunchProfile
    {
        [JsonPropertyName("commandName")]
        public string? CommandName { get; set; }

        [JsonPropertyName("commandLineArgs")]
        public string? CommandLineArgs { get; set; }

        [JsonPropertyName("applicationUrl")]
        public string? ApplicationUrl { get; set; }

        [JsonPropertyName("environmentVariables")]
        public Dictionary<string, string> EnvironmentVariables { get; set; } = [];
    }
}

namespace Aspire.Hosting.Building
{
    /// <summary>Which launch profile a project starts with.</summary>
    internal readonly record struct LaunchProfileChoice(bool IsDefault, string? Name)
    {
        public static LaunchProfileChoice Default => new(true, null);

        /// <param name="name">Null = start without a profile.</param>
        public static LaunchProfileChoice Named(string? name) => new(false, name);
    }

    internal static class LaunchProfiles
    {
        /// <exception cref="DistributedApplicationException">The file is malformed.</exception>
        public static LaunchSettings? Read(string projectDirectory)
        {
            var file = Path.Combine(projectDirectory, "Properties", "launchSettings.json");
            if (!File.Exists(file))
                return null;
            try
            {
                return JsonSerializer.Deserialize(File.ReadAllBytes(file), LaunchSettingsJson.Default.LaunchSettings);
            }
            catch (JsonException malformed)
            {
                throw new DistributedApplicationException($"{file} is not valid JSON: {malformed.Message}", malformed);
            }
        }

        /// <summary>The explicit name; else the AppHost's own profile name if the project has it; else the first that starts a project.</summary>
        /// <exception cref="DistributedApplicationException">The explicit name is unknown.</exception>
        public static (string Name, LaunchProfile Profile)? Choose(LaunchSettings? settings, LaunchProfileChoice choice, string? hostProfile, string project)
        {
            if (choice is { IsDefault: false, Name: null })
                return null;
            if (choice.Name is { } wanted)
            {
                return settings?.Profiles.TryGetValue(wanted, out var named) is true
                    ? (wanted, named)
                    : throw new DistributedApplicationException($"The launch settings of '{project}' hold no profile '{wanted}'.");
            }

            if (settings is null)
                return null;
            if (hostProfile is not null && settings.Profiles.TryGetValue(hostProfile, out var same))
                return (hostProfile, same);
            foreach (var (name, profile) in settings.Profiles)
            {
                if (profile.CommandName is "Project" or "Executable")
                    return (name, profile);
            }

            return null;
        }
    }

    [JsonSourceGenerationOptions(ReadCommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true)]
    [JsonSerializable(typeof(LaunchSettings))]
    internal sealed partial class LaunchSettingsJson : JsonSerializerContext;
}
