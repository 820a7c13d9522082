using System.CommandLine;
using Tft.Adapters.Loop;

namespace Tft.Adapters.Hosting;

/// <summary>
/// What the command line and the container need to know of a kind of source: one class of this and one of
/// <see cref="Sources.IMetricSource"/> make a source.
/// </summary>
internal abstract class SourceKind
{
    /// <summary>Name of the command, of the configuration section <c>Tft:Sources:NAME</c> and of the config file's object.</summary>
    public abstract string Name { get; }

    public abstract string Summary { get; }

    /// <summary>Options of the command. <c>--start-hours-ago</c> sets <c>Tft:Sources:NAME:StartHoursAgo</c>.</summary>
    public virtual IReadOnlyList<Option> Options => [];

    /// <summary>Other names of its object in a config file.</summary>
    public virtual IReadOnlyList<string> FileSections => [];

    public string Section => $"Tft:Sources:{Name}";

    /// <summary>Registers the <see cref="Sources.IMetricSource"/> and its options.</summary>
    public abstract void Add(WebApplicationBuilder builder, AdapterOptions adapter);

    /// <summary>Endpoints beside /health.</summary>
    public virtual void Map(WebApplication app)
    {
    }
}
