using System.CommandLine;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Tft.Adapters.Hosting;
using Tft.Adapters.Loop;
using Tft.Adapters.Mapping;
using Tft.Adapters.Sources;
using Tft.Adapters.Sources.Http;
using Tft.Tests.Adapters;
using Tft.Tests.Infrastructure;

namespace Tft.Tests.Sources;

/// <summary>The example of docs/sources/README.md, as it stands there.</summary>
[Trait("Ring", "component")]
public sealed class OwnSourceTests
{
    [Fact]
    public async Task Loop_TheExampleOfTheDocs_DeliversEveryRow()
    {
        using var folder = new TempFolder();
        var clock = new FakeTimeProvider();
        var now = clock.GetUtcNow().ToUnixTimeSeconds();
        await using var store = await StoreDouble.StartAsync(context =>
        {
            var (from, until) = (long.Parse(context.Request.Query["from"]!), long.Parse(context.Request.Query["until"]!));
            var rows = Enumerable.Range(-90, 91).Select(i => now + (i * 60L)).Where(t => t >= from && t < until);
            return context.Response.WriteAsync("[" + string.Join(',', rows.Select(t => $$"""{"time":{{t}},"host":"a","cpu_user_pct":5}""")) + "]");
        });
        await using var service = await FakeInference.StartAsync();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration["Tft:Sources:inventory:Url"] = store.Url;
        builder.Services.AddSingleton(MappingTrace.Off).AddSingleton<TimeProvider>(clock);
        new InventoryKind().Add(builder, new AdapterOptions());
        await using var app = builder.Build();
        using var rig = new LoopRig(app.Services.GetRequiredService<IMetricSource>(), service.Url, clock, folder);

        await rig.PollAsync();

        // Ninety minutes as eighteen means, and the row of now.
        Assert.Equal(19, service.Kept.Count);
    }

    [Fact]
    public void Docs_TheExample_IsThisOne()
    {
        var docs = Squeezed(File.ReadAllText(TestPaths.InRoot("docs", "sources", "README.md")));
        var test = Squeezed(File.ReadAllText(TestPaths.InRoot("Tft.Tests", "Sources", "OwnSourceTests.cs")));
        var example = docs[docs.IndexOf("internalsealedclassInventorySource", StringComparison.Ordinal)..docs.IndexOf("internalsealedclassInventoryOptions", StringComparison.Ordinal)];

        Assert.Contains(example, test, StringComparison.Ordinal);
        var usings = docs[docs.IndexOf("usingSystem.CommandLine;", StringComparison.Ordinal)..docs.IndexOf("namespaceTft.Adapters.Sources.Inventory;", StringComparison.Ordinal)].Split(';', StringSplitOptions.RemoveEmptyEntries);
        Assert.True(usings.Length >= 7, "the file as it is to be written, with what it uses");
        Assert.All(usings, name => Assert.Contains(name + ";", test, StringComparison.Ordinal));

        static string Squeezed(string text) => string.Concat(text.Where(c => !char.IsWhiteSpace(c)));
    }
}

internal sealed class InventorySource(HttpStore store, RecordMapper mapper, TimeProvider clock) : RowSource(mapper, clock)
{
    protected override async IAsyncEnumerable<IReadOnlyList<IRow>> RowsAsync(
        DateTimeOffset from, DateTimeOffset until, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"samples?from={from.ToUnixTimeSeconds()}&until={until.ToUnixTimeSeconds()}");
        using var response = await store.SendAsync(request, "samples", cancellationToken);
        using var document = JsonDocument.Parse(await response.Content.ReadAsStringAsync(cancellationToken));
        yield return [.. document.RootElement.EnumerateArray().Select((row, i) => new JsonRow(row.Clone(), $"sample {i}"))];
    }
}

internal sealed class InventoryKind : SourceKind
{
    public override string Name => "inventory";
    public override string Summary => "Our inventory's samples.";
    public override IReadOnlyList<Option> Options { get; } = [new Option<string>("--store") { Description = "The inventory, for example http://inventory:8080" }];

    public override void Add(WebApplicationBuilder builder, AdapterOptions adapter)
    {
        var plan = MappingPlan.Read(builder.Configuration.GetSection($"{Section}:Mapping"), "tft");
        var options = OptionsBinding.Bind<InventoryOptions>(builder.Configuration, Section, "Mapping");
        builder.Services.AddSingleton<IMetricSource>(p => new InventorySource(
            new HttpStore(options, Section), new RecordMapper(plan, p.GetRequiredService<MappingTrace>()), p.GetRequiredService<TimeProvider>()));
    }
}

internal sealed class InventoryOptions : HttpStoreOptions;
