using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;

namespace Tft.Tests.Infrastructure;

/// <summary>
/// bunit asks for AngleSharp.Diffing 1.1.1, of which a sparse mirror has only 0.17: the runtime refuses an older assembly of
/// the same name. A load context of its own hands it over nevertheless; the members that bunit uses are the same.
/// </summary>
internal static class BunitShim
{
    private const string Assembly = "AngleSharp.Diffing";

    [ModuleInitializer]
    internal static void Install() => AssemblyLoadContext.Default.Resolving += static (_, name) =>
        name.Name == Assembly ? s_diffing.Value : null;

    private static readonly Lazy<Assembly> s_diffing = new(() =>
        new Own().LoadFromAssemblyPath(Path.Combine(AppContext.BaseDirectory, Assembly + ".dll")));

    private sealed class Own() : AssemblyLoadContext("bunit")
    {
        protected override Assembly? Load(AssemblyName assemblyName) => null;
    }
}
