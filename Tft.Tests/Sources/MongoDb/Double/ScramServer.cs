using System.Security.Cryptography;
using System.Text;
using MongoDB.Bson;

namespace Tft.Tests.Sources.MongoDb;

/// <summary>The server's half of SCRAM-SHA-256 (RFC 7677) in MongoDB's saslStart and saslContinue.</summary>
internal sealed class ScramServer(string user, string password, bool isRightDatabase)
{
    private const int Iterations = 15_000;

    private readonly byte[] _salt = RandomNumberGenerator.GetBytes(28);
    private string _clientFirst = "";
    private string _serverFirst = "";
    private string _nonce = "";
    private bool _skipEmptyExchange;
    private bool _isProved;

    public bool Succeeded { get; private set; }

    public BsonDocument Start(BsonDocument command)
    {
        if (command["mechanism"].AsString != "SCRAM-SHA-256")
            throw new MongoDoubleException(334, "MechanismUnavailable", $"Received authentication for mechanism {command["mechanism"].AsString} which is not enabled");
        _skipEmptyExchange = command.TryGetValue("options", out var options) && options.AsBsonDocument.GetValue("skipEmptyExchange", false).ToBoolean();
        var message = Encoding.UTF8.GetString(command["payload"].AsByteArray);
        _clientFirst = message[3..];
        var parts = Parts(_clientFirst);
        if (!message.StartsWith("n,,", StringComparison.Ordinal) || parts["n"] != user.Replace("=", "=3D", StringComparison.Ordinal).Replace(",", "=2C", StringComparison.Ordinal) || !isRightDatabase)
            throw Failed();
        _nonce = parts["r"] + Convert.ToBase64String(RandomNumberGenerator.GetBytes(24));
        _serverFirst = $"r={_nonce},s={Convert.ToBase64String(_salt)},i={Iterations}";
        return Answer(_serverFirst, done: false);
    }

    public BsonDocument Continue(BsonDocument command)
    {
        if (_isProved)
        {
            Succeeded = true;
            return Answer("", done: true);
        }

        var message = Encoding.UTF8.GetString(command["payload"].AsByteArray);
        var parts = Parts(message);
        var signed = Encoding.UTF8.GetBytes($"{_clientFirst},{_serverFirst},c={parts["c"]},r={parts["r"]}");
        var salted = Rfc2898DeriveBytes.Pbkdf2(password, _salt, Iterations, HashAlgorithmName.SHA256, 32);
        var clientKey = HMACSHA256.HashData(salted, "Client Key"u8);
        var signature = HMACSHA256.HashData(SHA256.HashData(clientKey), signed);
        var proof = Convert.FromBase64String(parts["p"]);
        if (parts["c"] != "biws" || parts["r"] != _nonce || !proof.Select((b, i) => (byte)(b ^ signature[i])).SequenceEqual(clientKey))
            throw Failed();
        _isProved = true;
        Succeeded = _skipEmptyExchange;
        var serverKey = HMACSHA256.HashData(salted, "Server Key"u8);
        return Answer("v=" + Convert.ToBase64String(HMACSHA256.HashData(serverKey, signed)), done: _skipEmptyExchange);
    }

    private static BsonDocument Answer(string payload, bool done) => new()
    {
        { "conversationId", 1 },
        { "done", done },
        { "payload", Encoding.UTF8.GetBytes(payload) },
        { "ok", 1.0 },
    };

    private static Dictionary<string, string> Parts(string message) => message.Split(',').ToDictionary(p => p[..1], p => p[2..]);

    private static MongoDoubleException Failed() => new(18, "AuthenticationFailed", "Authentication failed.");
}
