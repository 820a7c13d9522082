using System.Runtime.InteropServices;

namespace MongoDB.Driver.Native;

/// <summary>Finds and starts libmongoc, once; says what to install where it is not.</summary>
internal static class NativeLibraries
{
    private static readonly Lock s_lock = new();
    private static bool s_started;

    /// <param name="library">Another name, for a test that has none of it.</param>
    /// <exception cref="MongoConfigurationException">The library is not installed.</exception>
    public static void Start(string library = NativeMethods.Mongoc)
    {
        lock (s_lock)
        {
            if (s_started && library == NativeMethods.Mongoc)
                return;
            if (!NativeLibrary.TryLoad(library, typeof(NativeLibraries).Assembly, null, out _))
                throw new MongoConfigurationException($"MongoDB's C driver is not installed ({library}): on Debian and Ubuntu apt-get install libmongoc-1.0-0. The package set 'full' needs none.");
            NativeMethods.Init();
            // It would write warnings to standard error; what fails is an exception here.
            NativeMethods.LogSetHandler(0, 0);
            s_started = true;
        }
    }
}
