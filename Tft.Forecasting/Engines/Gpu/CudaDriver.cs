using System.Runtime.InteropServices;

namespace Tft.Forecasting.Engines.Gpu;

/// <summary>
/// Asks the CUDA driver which devices there are. The driver itself honours CUDA_VISIBLE_DEVICES: what it hides is not listed, and the rest is numbered anew.
/// </summary>
public static unsafe partial class CudaDriver
{
    private const string Library = "cuda";
    private const int NameBytes = 256, CapabilityMajor = 75, CapabilityMinor = 76;

    static CudaDriver() => NativeLibrary.SetDllImportResolver(typeof(CudaDriver).Assembly, Resolve);

    /// <summary>The visible devices; none where there is no driver or no device.</summary>
    public static IReadOnlyList<GpuDevice> Devices()
    {
        try
        {
            if (Init(0) != 0 || DeviceGetCount(out var count) != 0)
            {
                return [];
            }

            return [.. Enumerable.Range(0, count).Select(Describe).OfType<GpuDevice>()];
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException or BadImageFormatException)
        {
            return [];
        }
    }

    private static GpuDevice? Describe(int index)
    {
        var name = stackalloc byte[NameBytes];
        return DeviceGet(out var device, index) == 0 && DeviceGetName(name, NameBytes, device) == 0
            && DeviceGetAttribute(out var major, CapabilityMajor, device) == 0 && DeviceGetAttribute(out var minor, CapabilityMinor, device) == 0
            && DeviceTotalMemory(out var bytes, device) == 0
            ? new GpuDevice(index, Marshal.PtrToStringUTF8((nint)name) ?? "", major, minor, (long)bytes)
            : null;
    }

    private static nint Resolve(string name, System.Reflection.Assembly assembly, DllImportSearchPath? path) => name != Library ? 0
        : NativeLibrary.TryLoad(OperatingSystem.IsWindows() ? "nvcuda.dll" : "libcuda.so.1", out var handle) ? handle
        : 0;

    [LibraryImport(Library, EntryPoint = "cuInit")]
    private static partial int Init(uint flags);

    [LibraryImport(Library, EntryPoint = "cuDeviceGetCount")]
    private static partial int DeviceGetCount(out int count);

    [LibraryImport(Library, EntryPoint = "cuDeviceGet")]
    private static partial int DeviceGet(out int device, int ordinal);

    [LibraryImport(Library, EntryPoint = "cuDeviceGetName")]
    private static partial int DeviceGetName(byte* name, int length, int device);

    [LibraryImport(Library, EntryPoint = "cuDeviceGetAttribute")]
    private static partial int DeviceGetAttribute(out int value, int attribute, int device);

    [LibraryImport(Library, EntryPoint = "cuDeviceTotalMem_v2")]
    private static partial int DeviceTotalMemory(out nuint bytes, int device);
}
