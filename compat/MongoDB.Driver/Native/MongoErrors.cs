using MongoDB.Bson;

namespace MongoDB.Driver.Native;

/// <summary>libmongoc's errors as the package's exceptions.</summary>
internal static class MongoErrors
{
    private const uint Client = 1;
    private const uint Stream = 2;
    private const uint Protocol = 3;
    private const uint ServerSelection = 15;
    private const uint Scram = 14;
    private const uint Sasl = 7;
    private const uint Authenticate = 11;
    private const uint Server = 17;
    private const uint Query = 5;
    private const uint Cursor = 4;

    /// <param name="reply">What the server answered, where it did.</param>
    public static Exception From(NativeError error, BsonDocument? reply, NativePool pool)
    {
        var text = Clean(error.Message, pool.Secrets);
        return error.Domain switch
        {
            Server or Query => OfServer((int)error.Code, text, reply),
            Client when error.Code == Authenticate => new MongoAuthenticationException($"Unable to authenticate: {text}"),
            Sasl or Scram => new MongoAuthenticationException($"Unable to authenticate: {text}"),
            ServerSelection => new TimeoutException($"No server could be selected of {pool.Hosts}: {text}"),
            Stream or Protocol => new MongoConnectionException($"The connection was lost or could not be made: {text}"),
            Cursor when reply is not null => OfServer((int)error.Code, text, reply),
            _ => new MongoClientException(text),
        };
    }

    /// <summary>The library puts no password into its texts; this makes sure. What is shorter than four letters would blot out ordinary words.</summary>
    public static string Clean(string text, IEnumerable<string> secrets) =>
        secrets.Where(s => s.Length >= 4).Aggregate(text, (cleaned, secret) => cleaned.Replace(secret, "***", StringComparison.Ordinal));

    private static MongoServerException OfServer(int code, string text, BsonDocument? reply) => code switch
    {
        43 => new MongoCursorNotFoundException(text),
        50 => new MongoExecutionTimeoutException(text),
        10107 or 13435 or 10058 => new MongoNotPrimaryException(text),
        91 or 189 or 11600 or 11602 or 13436 => new MongoNodeIsRecoveringException(text),
        _ => new MongoCommandException(code, text, reply),
    };
}
