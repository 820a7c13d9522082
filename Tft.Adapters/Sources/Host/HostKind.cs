using System.CommandLine;
using Tft.Adapters.Hosting;
using Tft.Adapters.Loop;
using Tft.Adapters.Mapping;

namespace Tft.Adapters.Sources.Host;

/// <summary><c>host</c>: the machine that the adapter runs on.</summary>
internal sealed class HostKind : SourceKind
{
    public override string Name => "host";

    public override string Summary => "This machine's own metrics, from /proc and the file system; needs nothing installed.";

    public override IReadOnlyList<Option> Options { get; } =
    [
        new Option<string>("--server-name") { Description = "How this host is called in the fleet (its host name)" },
        new Option<string>("--proc") { Description = "Where the kernel's files are (/proc)" },
        new Option<string>("--disk") { Description = "File system whose use is reported (/)" },
    ];

    public override void Add(WebApplicationBuilder builder, AdapterOptions adapter)
    {
        var options = OptionsBinding.Bind<HostSourceOptions>(builder.Configuration, Section);
        // The usual one is missing on some systems, which then report what they can.
        if (options.Proc != HostSourceOptions.UsualProc && !File.Exists(Path.Combine(options.Proc, "stat")))
            throw new ConfigurationException([$"{Section}:Proc: there is no {options.Proc}/stat; name the folder of the kernel's files, such as {HostSourceOptions.UsualProc}"]);
        if (!Directory.Exists(options.Disk))
            throw new ConfigurationException([$"{Section}:Disk: {options.Disk} is not there; name a folder of the file system to report"]);
        builder.Services.AddSingleton<IMetricSource>(p =>
        {
            var clock = p.GetRequiredService<TimeProvider>();
            var sampler = new HostSampler(options.ServerName, new ProcFiles(options.Proc), () => HostSampler.DiskUsageOf(options.Disk), clock);
            return new HostSource(sampler, TimeSpan.FromSeconds(adapter.Interval), adapter.Once, p.GetRequiredService<MappingTrace>(), clock, p.GetRequiredService<ILogger<HostSource>>());
        });
    }
}
