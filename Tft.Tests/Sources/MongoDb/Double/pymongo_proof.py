"""MongoDB's own Python client against the double: what it does with a server is what the double has to stand.

Arguments: the connection string, one with a wrong password. Ends with "proved", or with the assertion that failed.
"""
import datetime
import sys

import bson
import pymongo

right, wrong = sys.argv[1:]
client = pymongo.MongoClient(right, serverSelectionTimeoutMS=5000)
assert client.admin.command("ping")["ok"] == 1
collection = client["proof"]["metrics"]

start = datetime.datetime(2026, 3, 2, 8)
documents = [
    {"_id": bson.ObjectId(), "timestamp": start + datetime.timedelta(seconds=i // 10), "server": "web-%d" % (i % 10), "cpu": {"pct": float(i), "cores": [1, 2]}, "n": i, "big": 2**40 + i,
     "text": "schön", "flag": i % 2 == 0, "none": None, "raw": b"\x00\x01", "exact": bson.Decimal128("0.1"), "pattern": bson.Regex("^a", "i"), "stamp": bson.Timestamp(7, 1)}
    for i in range(2500)
]
assert len(collection.insert_many(documents).inserted_ids) == 2500
collection.create_index([("timestamp", 1), ("_id", 1)])
assert set(collection.index_information()) == {"_id_", "timestamp_1__id_1"}

# Every type comes back as it was sent, page by page, in the order asked for.
found = list(collection.find({"timestamp": {"$gte": start}}).sort([("timestamp", 1), ("_id", 1)]).batch_size(300).hint("timestamp_1__id_1"))
assert found == documents, "documents differ"

page = list(collection.find({"$or": [{"timestamp": {"$gt": documents[99]["timestamp"]}}, {"timestamp": documents[99]["timestamp"], "_id": {"$gt": documents[95]["_id"]}}],
                             "server": {"$in": ["web-1", "web-7"]}}, {"cpu.pct": 1, "server": 1}).sort([("timestamp", -1)]).limit(7))
assert [d["server"] for d in page] == ["web-1", "web-7"] * 3 + ["web-1"], page
assert set(page[0]) == {"_id", "cpu", "server"} and set(page[0]["cpu"]) == {"pct"}, page[0]
assert list(collection.find({"timestamp": {"$gte": "2026"}})) == [], "a text is no time"

groups = list(collection.aggregate([
    {"$match": {"timestamp": {"$lt": start + datetime.timedelta(seconds=100)}}},
    {"$group": {"_id": {"s": "$server", "b": {"$subtract": [{"$subtract": ["$timestamp", datetime.datetime(1970, 1, 1)]}, {"$mod": [{"$subtract": ["$timestamp", datetime.datetime(1970, 1, 1)]}, 300000]}]}},
                "mean": {"$avg": {"$cond": [{"$and": [{"$gte": ["$cpu.pct", 0]}, {"$lte": ["$cpu.pct", 995.5]}]}, "$cpu.pct", None]}},
                "last": {"$max": {"t": "$timestamp", "v": "$n"}}, "flags": {"$addToSet": "$flag"}}},
    {"$sort": {"_id.b": 1, "_id.s": 1}}]))
assert len(groups) == 10
assert groups[3]["_id"] == {"s": "web-3", "b": 1772438400000}, groups[3]
assert groups[3]["mean"] == sum(i for i in range(3, 1000, 10) if i <= 995.5) / 100 and groups[3]["last"]["v"] == 993 and groups[3]["flags"] == [False], groups[3]

for query, code in (({"n": {"$foo": 1}}, 2), ({"$foo": 1}, 2)):
    try:
        list(collection.find(query))
        raise AssertionError("the double knows what no server knows")
    except pymongo.errors.OperationFailure as e:
        assert e.code == code, e
try:
    list(collection.find({}, {"cpu": 1, "cpu.pct": 1}))
    raise AssertionError("a path collision must be refused")
except pymongo.errors.OperationFailure as e:
    assert e.code == 31249, e
try:
    client["proof"].command("find", "metrics", flter={})
    raise AssertionError("an unknown field must be refused")
except pymongo.errors.OperationFailure as e:
    assert e.code == 40415, e

cursor = collection.find().batch_size(10)
next(cursor)
client["proof"].command("killCursors", "metrics", cursors=[cursor.cursor_id])
try:
    list(cursor)
    raise AssertionError("a killed cursor must be gone")
except pymongo.errors.CursorNotFound:
    pass

with pymongo.MongoClient(wrong, serverSelectionTimeoutMS=5000) as other:
    try:
        other["proof"]["metrics"].find_one()
        raise AssertionError("a wrong password must be refused")
    except pymongo.errors.OperationFailure as e:
        assert e.code == 18, e

client.close()
print("proved")
