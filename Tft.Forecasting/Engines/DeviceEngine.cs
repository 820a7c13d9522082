using Tft.Forecasting.Engines.Gpu;

namespace Tft.Forecasting.Engines;

/// <summary>The engine that a device setting leads to.</summary>
/// <param name="Engine">The engine.</param>
/// <param name="Report">What was found, in lines for the log.</param>
/// <param name="Profile">What suits the graphics processor that it computes on; null: it computes on the processor.</param>
public sealed record DeviceEngine(IForecastEngine Engine, IReadOnlyList<string> Report, GpuProfile? Profile = null)
{
    /// <summary>The engines that this build has beside the one in C#.</summary>
    internal static IReadOnlyList<IEngineFactory> Factories => s_factories.Value;

    private static readonly Lazy<IReadOnlyList<IEngineFactory>> s_factories = new(() =>
        [.. typeof(IEngineFactory).Assembly.GetTypes().Where(t => t is { IsClass: true, IsAbstract: false } && t.IsAssignableTo(typeof(IEngineFactory))).Select(t => (IEngineFactory)Activator.CreateInstance(t)!)]);

    /// <summary>Chooses among what this machine and this build have.</summary>
    /// <param name="setting">auto, cpu, cuda or cuda:N; null is auto.</param>
    /// <param name="threads">Threads of the C# engine.</param>
    /// <exception cref="FormatException">The setting is none of them.</exception>
    /// <exception cref="InvalidOperationException">CUDA is asked for and cannot be had; the text says why.</exception>
    public static DeviceEngine Choose(string? setting, int threads)
    {
        var choice = DeviceChoice.Parse(setting);
        return Choose(choice, threads, choice.Kind == DeviceKind.Cpu ? [] : CudaDriver.Devices(), Factories);
    }

    /// <summary>Chooses among these devices and engines: <c>auto</c> falls back to the C# engine and says why, <c>cuda</c> does not.</summary>
    internal static DeviceEngine Choose(DeviceChoice choice, int threads, IReadOnlyList<GpuDevice> visible, IReadOnlyList<IEngineFactory> factories)
    {
        var managed = new ManagedEngine(threads);
        if (choice.Choose(visible) is not { } device)
            return new DeviceEngine(managed, [choice.Kind == DeviceKind.Cpu ? $"[GPU] Not asked for (Tft:Device is cpu): {managed.Device}" : $"[GPU] Detected: none: {managed.Device}"]);
        try
        {
            var factory = factories.Count > 0 ? factories[0]
                : throw new InvalidOperationException("this build has only the C# engine, which computes on the processor; build with TFT_PACKAGES=full (docs/gpu.md)");
            return new DeviceEngine(factory.Create(device), GpuProfile.Report(device), GpuProfile.For(device));
        }
        catch (InvalidOperationException e) when (choice.Kind == DeviceKind.Auto)
        {
            return new DeviceEngine(managed, [$"[GPU] Detected: {device.Name}", $"[GPU] Not used: {e.Message}", $"[GPU] Instead: {managed.Device}"]);
        }
        catch (InvalidOperationException e)
        {
            throw new InvalidOperationException($"Tft:Device asks for cuda:{device.Index}, which is {device.Name}, but {e.Message}.", e);
        }
    }
}
