using System.Globalization;
using System.Runtime.InteropServices;

namespace MongoDB.Driver.Native;

/// <summary>A mongoc_client_pool_t: it watches the servers from threads of its own and lends clients, each to one caller at a time.</summary>
internal sealed class NativePool : SafeHandle
{
    /// <summary>Errors carry the server's own codes.</summary>
    private const int ErrorApi = 2;

    public NativePool(MongoClientSettings settings)
        : base(0, ownsHandle: true)
    {
        Secrets = settings.Secrets;
        Hosts = settings.Hosts;
        using var uri = new NativeUri(settings.ConnectionString);
        uri.Set(settings);
        SetHandle(NativeMethods.PoolNew(uri.Handle, out var error));
        if (IsInvalid)
            throw MongoErrors.From(error, null, this);
        NativeMethods.PoolSetErrorApi(handle, ErrorApi);
    }

    public override bool IsInvalid => handle == 0;

    /// <summary>What no message may hold.</summary>
    public IReadOnlyList<string> Secrets { get; }

    /// <summary>As the connection string names them.</summary>
    public string Hosts { get; }

    /// <summary>Calls with a client; the pool lives until it is given back.</summary>
    public PoolLease Lend()
    {
        var added = false;
        DangerousAddRef(ref added);
        var client = NativeMethods.PoolTryPop(handle);
        if (client != 0)
            return new PoolLease(this, client);
        DangerousRelease();
        throw new MongoClientException("All connections of the pool are in use: dispose of cursors that are read.");
    }

    public void GiveBack(nint client)
    {
        NativeMethods.PoolPush(handle, client);
        DangerousRelease();
    }

    protected override bool ReleaseHandle()
    {
        NativeMethods.PoolDestroy(handle);
        return true;
    }
}

/// <summary>A client of the pool, for one call or one cursor.</summary>
internal sealed class PoolLease(NativePool pool, nint client) : IDisposable
{
    private int _returned;

    public nint Client => client;

    public NativePool Pool => pool;

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _returned, 1) == 0)
            pool.GiveBack(client);
    }
}

/// <summary>A mongoc_uri_t.</summary>
internal sealed class NativeUri : IDisposable
{
    /// <exception cref="MongoConfigurationException">It can't be read; the text says why, without the password.</exception>
    public NativeUri(string connectionString)
    {
        NativeLibraries.Start();
        Handle = NativeMethods.UriNew(connectionString, out var error);
        if (Handle == 0)
            throw new MongoConfigurationException($"The connection string is not valid: {MongoErrors.Clean(error.Message, [MongoClientSettings.UserInfo(connectionString)])}");
    }

    public nint Handle { get; }

    public string? AuthenticationSource => Marshal.PtrToStringUTF8(NativeMethods.UriGetAuthSource(Handle));

    public string? Database => Marshal.PtrToStringUTF8(NativeMethods.UriGetDatabase(Handle));

    public void Set(MongoClientSettings settings)
    {
        if (settings.ApplicationName is { } name && !NativeMethods.UriSetApplicationName(Handle, name))
            throw new MongoConfigurationException("The application name is too long.");
        Milliseconds("serverselectiontimeoutms", settings.ServerSelectionTimeout);
        Milliseconds("connecttimeoutms", settings.ConnectTimeout);
        Milliseconds("sockettimeoutms", settings.SocketTimeout);
        if (settings.Credential is not { } credential)
            return;
        if (!NativeMethods.UriSetUsername(Handle, credential.Username) || !NativeMethods.UriSetPassword(Handle, credential.Password) || !NativeMethods.UriSetAuthSource(Handle, credential.Source))
            throw new MongoConfigurationException("User, password or authentication database is not valid text.");
    }

    public void Dispose() => NativeMethods.UriDestroy(Handle);

    private void Milliseconds(string option, TimeSpan? time)
    {
        if (time is { } t && !NativeMethods.UriSetInt32(Handle, option, (int)t.TotalMilliseconds))
            throw new MongoConfigurationException(string.Create(CultureInfo.InvariantCulture, $"{option} can't be {t.TotalMilliseconds}."));
    }
}
