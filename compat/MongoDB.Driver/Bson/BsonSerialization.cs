using MongoDB.Driver.Native;

namespace MongoDB.Bson
{
    public static class BsonExtensionMethods
    {
        /// <summary>The document as bytes.</summary>
        public static byte[] ToBson(this BsonDocument obj) => BsonBytes.Write(obj);

        /// <summary>The document as JSON in MongoDB's relaxed extended form.</summary>
        public static string ToJson(this BsonDocument obj) => NativeDocument.ToJson(obj);
    }
}

namespace MongoDB.Bson.Serialization
{
    public static class BsonSerializer
    {
        /// <summary>A document from its bytes; no other type than <see cref="BsonDocument"/>.</summary>
        /// <exception cref="FormatException">The bytes are no document.</exception>
        public static TNominalType Deserialize<TNominalType>(byte[] bytes) =>
            BsonBytes.Read(bytes) is TNominalType document ? document
                : throw new NotSupportedException($"The stand-in reads BsonDocument, not {typeof(TNominalType).Name}.");
    }
}
