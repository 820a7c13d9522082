using MongoDB.Bson;

namespace MongoDB.Driver;

public class MongoException : Exception
{
    public MongoException(string message)
        : base(message)
    {
    }

    public MongoException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}

/// <summary>Something that the client found out by itself.</summary>
public class MongoClientException(string message) : MongoException(message);

public class MongoConfigurationException(string message) : MongoClientException(message);

/// <summary>The connection was lost, or could not be made.</summary>
public class MongoConnectionException : MongoException
{
    internal MongoConnectionException(string message)
        : base(message)
    {
    }
}

public class MongoAuthenticationException : MongoConnectionException
{
    internal MongoAuthenticationException(string message)
        : base(message)
    {
    }
}

/// <summary>The server answered with an error.</summary>
public class MongoServerException : MongoException
{
    internal MongoServerException(string message)
        : base(message)
    {
    }
}

public class MongoCommandException : MongoServerException
{
    internal MongoCommandException(int code, string message, BsonDocument? result)
        : base($"Command failed: {message} (code {code})")
    {
        Code = code;
        Result = result ?? [];
        ErrorMessage = message;
    }

    public int Code { get; }

    public string CodeName => Result.TryGetValue("codeName", out var name) && name.IsString ? name.AsString : "";

    public string ErrorMessage { get; }

    public BsonDocument Result { get; }
}

public class MongoQueryException : MongoServerException
{
    internal MongoQueryException(string message)
        : base(message)
    {
    }
}

/// <summary>The server has closed the cursor: it was idle too long, was killed, or the server restarted.</summary>
public class MongoCursorNotFoundException : MongoQueryException
{
    internal MongoCursorNotFoundException(string message)
        : base(message)
    {
    }
}

public class MongoNotPrimaryException : MongoServerException
{
    internal MongoNotPrimaryException(string message)
        : base(message)
    {
    }
}

public class MongoNodeIsRecoveringException : MongoServerException
{
    internal MongoNodeIsRecoveringException(string message)
        : base(message)
    {
    }
}

/// <summary>The operation ran past its MaxTime.</summary>
public class MongoExecutionTimeoutException : MongoServerException
{
    internal MongoExecutionTimeoutException(string message)
        : base(message)
    {
    }
}
