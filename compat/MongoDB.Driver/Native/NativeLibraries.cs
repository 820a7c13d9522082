using System.Runtime.InteropServices;

namespace MongoDB.Driver.Native;

/// <summary>Finds and starts libmongoc, once; says what to install where it is not.</summary>
internal static class NativeLibraries
{
    private static readonly Lock s_lock = new();
    private static bool s_started;

    /// <summary>The names to try, for a test that has none of them.</summary>
    internal static string[] Names { get; set; } = ["libmongoc-1.0.so.0"];

    /// <exception cref="MongoConfigurationException">The library is not installed.</exception>
    public static void Start()
    {
        lock (s_lock)
        {
            if (Names.All(name => !NativeLibrary.TryLoad(name, typeof(NativeLibraries).Assembly, null, out _)))
            {
                throw new MongoConfigurationException(
                    $"MongoDB's C driver is not installed ({string.Join(", ", Names)}): on Debian and Ubuntu apt-get install libmongoc-1.0-0. The package set 'full' needs none.");
            }

            if (s_started)
                return;
            NativeMethods.Init();
            // It would write warnings to standard error; what fails is an exception here.
            NativeMethods.LogSetHandler(0, 0);
            s_started = true;
        }
    }
}
