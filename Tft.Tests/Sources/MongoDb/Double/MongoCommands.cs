using MongoDB.Bson;

namespace Tft.Tests.Sources.MongoDb;

/// <summary>The commands that a reading client sends, and the few that fill a collection.</summary>
internal sealed class MongoCommands(MongoDouble server)
{
    private const int FirstBatch = 101;

    private static readonly string[] s_everywhere =
        ["$db", "$readPreference", "$clusterTime", "lsid", "maxTimeMS", "comment", "readConcern", "writeConcern", "apiVersion"];

    private static readonly Dictionary<string, string[]> s_fields = new(StringComparer.Ordinal)
    {
        ["find"] = ["filter", "sort", "projection", "hint", "skip", "limit", "batchSize", "singleBatch", "allowDiskUse", "noCursorTimeout"],
        ["getMore"] = ["collection", "batchSize"],
        ["aggregate"] = ["pipeline", "cursor", "allowDiskUse", "hint"],
        ["listIndexes"] = ["cursor"],
        ["killCursors"] = ["cursors"],
        ["insert"] = ["documents", "ordered"],
        ["createIndexes"] = ["indexes"],
        ["drop"] = [],
        ["dropDatabase"] = [],
    };

    private ScramServer? _scram;
    private bool _isSignedIn;

    public async Task<BsonDocument> AnswerAsync(BsonDocument command)
    {
        var name = command.Names.First();
        if (name is "hello" or "isMaster" or "ismaster")
            return Hello(command);
        server.Commands.Enqueue((name, command));
        try
        {
            if (server.Before is { } before && await before(name, command) is { } instead)
                return instead;
            return Answer(name, command);
        }
        catch (MongoDoubleException e)
        {
            return MongoDouble.Error(e.Code, e.CodeName, e.Message);
        }
    }

    private BsonDocument Answer(string name, BsonDocument command)
    {
        switch (name)
        {
            case "saslStart":
                if (server.Options.User is not { } user)
                    throw new MongoDoubleException(334, "MechanismUnavailable", "no user is known here");
                _scram = new ScramServer(user, server.Options.Password, command["$db"].AsString == server.Options.AuthSource);
                return _scram.Start(command);
            case "saslContinue":
                var answer = (_scram ?? throw new MongoDoubleException(17, "ProtocolError", "No SASL session state found")).Continue(command);
                _isSignedIn = _scram.Succeeded;
                return answer;
            case "ping" or "endSessions":
                return Ok();
            case "buildInfo" or "buildinfo":
                return Ok().Add("version", "6.0.0").Add("versionArray", new BsonArray { 6, 0, 0, 0 });
        }

        if (server.Options.User is not null && !_isSignedIn)
            throw new MongoDoubleException(13, "Unauthorized", $"command {name} requires authentication");
        if (!s_fields.TryGetValue(name, out var fields))
            throw new MongoDoubleException(59, "CommandNotFound", $"no such command: '{name}'");
        if (command.Names.Skip(1).FirstOrDefault(f => !fields.Contains(f) && !s_everywhere.Contains(f)) is { } unknown)
            throw new MongoDoubleException(40415, "Location40415", $"BSON field '{name}.{unknown}' is an unknown field.");
        CheckRole(command);
        return name switch
        {
            "find" => Find(command),
            "getMore" => GetMore(command),
            "aggregate" => Aggregate(command),
            "listIndexes" => ListIndexes(command),
            "killCursors" => KillCursors(command),
            "insert" => Insert(command),
            "createIndexes" => CreateIndexes(command),
            "dropDatabase" => DropDatabase(command),
            _ => Drop(command),
        };
    }

    private BsonDocument Hello(BsonDocument command)
    {
        var answer = new BsonDocument { { "helloOk", true }, { "maxBsonObjectSize", 16_777_216 }, { "maxMessageSizeBytes", 48_000_000 }, { "maxWriteBatchSize", 100_000 } };
        answer.Add("localTime", DateTime.UtcNow).Add("logicalSessionTimeoutMinutes", 30).Add("minWireVersion", 0).Add("maxWireVersion", 17).Add("readOnly", false);
        var isPrimary = server.Options.ReplicaSet is null || server.IsPrimary;
        answer.Add("ismaster", isPrimary).Add("isWritablePrimary", isPrimary);
        if (server.Options.ReplicaSet is { } set)
        {
            answer.Add("setName", set).Add("setVersion", 1).Add("secondary", !isPrimary).Add("me", server.Address);
            answer.Add("hosts", new BsonArray(server.Members.Count > 0 ? server.Members : [server.Address]));
        }

        if (command.Contains("saslSupportedMechs") && server.Options.User is not null)
            answer.Add("saslSupportedMechs", new BsonArray { "SCRAM-SHA-256" });
        return answer.Add("ok", 1.0);
    }

    /// <summary>A member that is not the primary reads only for who allows it.</summary>
    private void CheckRole(BsonDocument command)
    {
        if (server.Options.ReplicaSet is null || server.IsPrimary)
            return;
        var mode = command.TryGetValue("$readPreference", out var preference) ? preference.AsBsonDocument["mode"].AsString : "primary";
        if (mode == "primary")
            throw new MongoDoubleException(13435, "NotPrimaryNoSecondaryOk", "not primary and secondaryOk=false");
    }

    private BsonDocument Find(BsonDocument command)
    {
        var collection = Collection(command);
        if (command.TryGetValue("hint", out var hint) && !collection.HasIndex(hint))
            throw new MongoDoubleException(2, "BadValue", "error processing query: planner returned error :: caused by :: hint provided does not correspond to an existing index");
        IEnumerable<BsonDocument> found = BsonMatch.All(collection.Snapshot(), command.GetValue("filter", new BsonDocument()).AsBsonDocument);
        if (command.TryGetValue("sort", out var sort))
            found = BsonOrder.Sort(found, sort.AsBsonDocument);
        found = found.Skip(command.GetValue("skip", 0).ToInt32());
        if (command.GetValue("limit", 0).ToInt32() is > 0 and var limit)
            found = found.Take(limit);
        if (command.TryGetValue("projection", out var projection))
            found = BsonProjection.Apply(found, projection.AsBsonDocument);
        var all = found.ToList();
        var batch = command.TryGetValue("batchSize", out var size) ? size.ToInt32() : FirstBatch;
        return Batch(command, all, batch, command.GetValue("singleBatch", false).ToBoolean());
    }

    private BsonDocument Aggregate(BsonDocument command)
    {
        var documents = AggregatePipeline.Run(Collection(command).Snapshot(), command["pipeline"].AsBsonArray);
        var cursor = command.TryGetValue("cursor", out var c) ? c.AsBsonDocument : throw new MongoDoubleException(9, "FailedToParse", "The 'cursor' option is required, except for aggregate with the explain argument");
        return Batch(command, documents, cursor.GetValue("batchSize", FirstBatch).ToInt32(), false);
    }

    private BsonDocument GetMore(BsonDocument command)
    {
        var id = command["getMore"].AsInt64;
        if (server.Cursors.Take(id, command.GetValue("batchSize", int.MaxValue).ToInt32()) is not var (documents, isOpen))
            throw new MongoDoubleException(43, "CursorNotFound", $"cursor id {id} not found");
        return Ok().Set("cursor", new BsonDocument { { "nextBatch", new BsonArray(documents) }, { "id", isOpen ? id : 0L }, { "ns", $"{command["$db"].AsString}.{command["collection"].AsString}" } });
    }

    private BsonDocument ListIndexes(BsonDocument command)
    {
        if (!server.Data.Has(command["$db"].AsString, command[0].AsString))
            throw new MongoDoubleException(26, "NamespaceNotFound", $"ns does not exist: {command["$db"].AsString}.{command[0].AsString}");
        return Batch(command, Collection(command).Indexes, int.MaxValue, false);
    }

    private BsonDocument KillCursors(BsonDocument command)
    {
        var ids = command["cursors"].AsBsonArray;
        foreach (var id in ids)
            server.Cursors.Remove(id.AsInt64);
        return Ok().Add("cursorsKilled", ids).Add("cursorsNotFound", new BsonArray()).Add("cursorsAlive", new BsonArray()).Add("cursorsUnknown", new BsonArray());
    }

    private BsonDocument Insert(BsonDocument command)
    {
        var documents = command["documents"].AsBsonArray.Select(d => d.AsBsonDocument).ToArray();
        var refused = Collection(command).Add(documents);
        var answer = Ok().Add("n", documents.Length - refused.Count);
        if (refused.Count > 0)
        {
            answer.Add("writeErrors", new BsonArray(refused.Select(i => (BsonValue)new BsonDocument
            {
                { "index", i }, { "code", 11000 }, { "errmsg", $"E11000 duplicate key error collection: {command["$db"].AsString}.{command[0].AsString} index: _id_" },
            })));
        }

        return answer;
    }

    private BsonDocument CreateIndexes(BsonDocument command)
    {
        var indexes = Collection(command).Indexes;
        foreach (var index in command["indexes"].AsBsonArray.Where(i => !indexes.Exists(known => known["name"].Equals(i["name"]))))
            indexes.Add(new BsonDocument { { "v", 2 }, { "key", index["key"] }, { "name", index["name"] } });
        return Ok();
    }

    private BsonDocument Drop(BsonDocument command) =>
        server.Data.Drop(command["$db"].AsString, command[0].AsString) ? Ok() : throw new MongoDoubleException(26, "NamespaceNotFound", "ns not found");

    private BsonDocument DropDatabase(BsonDocument command)
    {
        server.Data.Drop(command["$db"].AsString);
        return Ok();
    }

    private BsonDocument Batch(BsonDocument command, List<BsonDocument> documents, int size, bool isOnly)
    {
        var first = documents.Take(size).ToList();
        var id = isOnly || first.Count == documents.Count ? 0L : server.Cursors.Add(documents, first.Count);
        return Ok().Set("cursor", new BsonDocument { { "firstBatch", new BsonArray(first) }, { "id", id }, { "ns", $"{command["$db"].AsString}.{command[0].AsString}" } });
    }

    private MongoDataCollection Collection(BsonDocument command) => server.Data.Collection(command["$db"].AsString, command[0].AsString);

    private static BsonDocument Ok() => new("ok", 1.0);
}

/// <summary>An error of the server, with its code.</summary>
internal sealed class MongoDoubleException(int code, string codeName, string message) : Exception(message)
{
    public int Code => code;

    public string CodeName => codeName;
}
