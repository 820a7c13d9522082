using System.Runtime.InteropServices;

namespace MongoDB.Driver.Native;

/// <summary>The part of libbson's and libmongoc's C API (1.x) that the stand-in calls. Booleans are one byte.</summary>
internal static unsafe partial class NativeMethods
{
    public const string Mongoc = "libmongoc-1.0.so.0";
    private const string Bson = "libbson-1.0.so.0";

    [LibraryImport(Bson, EntryPoint = "bson_new_from_data")]
    public static partial nint BsonNewFromData(byte* data, nuint length);

    [LibraryImport(Bson, EntryPoint = "bson_new_from_json")]
    public static partial nint BsonNewFromJson(byte* json, nint length, out NativeError error);

    [LibraryImport(Bson, EntryPoint = "bson_get_data")]
    public static partial byte* BsonGetData(nint bson);

    [LibraryImport(Bson, EntryPoint = "bson_as_relaxed_extended_json")]
    public static partial byte* BsonAsJson(nint bson, out nuint length);

    [LibraryImport(Bson, EntryPoint = "bson_destroy")]
    public static partial void BsonDestroy(nint bson);

    [LibraryImport(Bson, EntryPoint = "bson_free")]
    public static partial void BsonFree(void* memory);

    [LibraryImport(Mongoc, EntryPoint = "mongoc_init")]
    public static partial void Init();

    [LibraryImport(Mongoc, EntryPoint = "mongoc_log_set_handler")]
    public static partial void LogSetHandler(nint handler, nint data);

    [LibraryImport(Mongoc, EntryPoint = "mongoc_uri_new_with_error", StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint UriNew(string uri, out NativeError error);

    [LibraryImport(Mongoc, EntryPoint = "mongoc_uri_destroy")]
    public static partial void UriDestroy(nint uri);

    [LibraryImport(Mongoc, EntryPoint = "mongoc_uri_get_database")]
    public static partial nint UriGetDatabase(nint uri);

    [LibraryImport(Mongoc, EntryPoint = "mongoc_uri_get_auth_source")]
    public static partial nint UriGetAuthSource(nint uri);

    [LibraryImport(Mongoc, EntryPoint = "mongoc_uri_set_username", StringMarshalling = StringMarshalling.Utf8)]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool UriSetUsername(nint uri, string username);

    [LibraryImport(Mongoc, EntryPoint = "mongoc_uri_set_password", StringMarshalling = StringMarshalling.Utf8)]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool UriSetPassword(nint uri, string password);

    [LibraryImport(Mongoc, EntryPoint = "mongoc_uri_set_auth_source", StringMarshalling = StringMarshalling.Utf8)]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool UriSetAuthSource(nint uri, string source);

    [LibraryImport(Mongoc, EntryPoint = "mongoc_uri_set_appname", StringMarshalling = StringMarshalling.Utf8)]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool UriSetApplicationName(nint uri, string name);

    [LibraryImport(Mongoc, EntryPoint = "mongoc_uri_set_option_as_int32", StringMarshalling = StringMarshalling.Utf8)]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool UriSetInt32(nint uri, string option, int value);

    [LibraryImport(Mongoc, EntryPoint = "mongoc_client_pool_new_with_error")]
    public static partial nint PoolNew(nint uri, out NativeError error);

    [LibraryImport(Mongoc, EntryPoint = "mongoc_client_pool_set_error_api")]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool PoolSetErrorApi(nint pool, int version);

    [LibraryImport(Mongoc, EntryPoint = "mongoc_client_pool_try_pop")]
    public static partial nint PoolTryPop(nint pool);

    [LibraryImport(Mongoc, EntryPoint = "mongoc_client_pool_push")]
    public static partial void PoolPush(nint pool, nint client);

    [LibraryImport(Mongoc, EntryPoint = "mongoc_client_pool_destroy")]
    public static partial void PoolDestroy(nint pool);

    [LibraryImport(Mongoc, EntryPoint = "mongoc_client_command_with_opts", StringMarshalling = StringMarshalling.Utf8)]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool RunCommand(nint client, string database, nint command, nint readPreferences, nint options, byte* reply, out NativeError error);

    [LibraryImport(Mongoc, EntryPoint = "mongoc_client_get_collection", StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint GetCollection(nint client, string database, string collection);

    [LibraryImport(Mongoc, EntryPoint = "mongoc_collection_destroy")]
    public static partial void CollectionDestroy(nint collection);

    [LibraryImport(Mongoc, EntryPoint = "mongoc_collection_find_with_opts")]
    public static partial nint Find(nint collection, nint filter, nint options, nint readPreferences);

    [LibraryImport(Mongoc, EntryPoint = "mongoc_collection_aggregate")]
    public static partial nint Aggregate(nint collection, int flags, nint pipeline, nint options, nint readPreferences);

    [LibraryImport(Mongoc, EntryPoint = "mongoc_collection_find_indexes_with_opts")]
    public static partial nint FindIndexes(nint collection, nint options);

    [LibraryImport(Mongoc, EntryPoint = "mongoc_cursor_next")]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool CursorNext(nint cursor, out nint document);

    [LibraryImport(Mongoc, EntryPoint = "mongoc_cursor_error_document")]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool CursorError(nint cursor, out NativeError error, out nint reply);

    [LibraryImport(Mongoc, EntryPoint = "mongoc_cursor_destroy")]
    public static partial void CursorDestroy(nint cursor);
}

/// <summary>bson_error_t.</summary>
internal unsafe struct NativeError
{
    public uint Domain;
    public uint Code;
    private fixed byte _message[504];

    public readonly string Message
    {
        get
        {
            fixed (byte* message = _message)
                return Marshal.PtrToStringUTF8((nint)message) ?? "";
        }
    }
}
