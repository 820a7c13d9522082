using System.Collections;
using System.Diagnostics.CodeAnalysis;
using MongoDB.Driver.Native;

namespace MongoDB.Bson;

public readonly record struct BsonElement(string Name, BsonValue Value);

/// <summary>Names and values in order.</summary>
public sealed class BsonDocument : BsonValue, IEnumerable<BsonElement>
{
    private readonly List<BsonElement> _elements = [];

    public BsonDocument()
    {
    }

    public BsonDocument(string name, BsonValue value) => Add(name, value);

    public BsonDocument(IEnumerable<BsonElement> elements) => AddRange(elements);

    public override BsonType BsonType => BsonType.Document;

    public int ElementCount => _elements.Count;

    public IEnumerable<BsonElement> Elements => _elements;

    public IEnumerable<string> Names => _elements.Select(e => e.Name);

    public IEnumerable<BsonValue> Values => _elements.Select(e => e.Value);

    /// <exception cref="KeyNotFoundException">On reading: there is no such element.</exception>
    public override BsonValue this[string name]
    {
        get => TryGetValue(name, out var value) ? value : throw new KeyNotFoundException($"Element '{name}' not found.");
        set => Set(name, value);
    }

    public override BsonValue this[int index]
    {
        get => _elements[index].Value;
        set => _elements[index] = new BsonElement(_elements[index].Name, value);
    }

    /// <summary>From JSON, MongoDB's extended one as well.</summary>
    /// <exception cref="FormatException">Not JSON, or no document.</exception>
    public static BsonDocument Parse(string json) => NativeDocument.Parse(json);

    /// <exception cref="InvalidOperationException">The name is there.</exception>
    public BsonDocument Add(string name, BsonValue value)
    {
        ArgumentNullException.ThrowIfNull(value);
        if (Contains(name))
            throw new InvalidOperationException($"Duplicate element name '{name}'.");
        _elements.Add(new BsonElement(name, value));
        return this;
    }

    public BsonDocument Add(BsonElement element) => Add(element.Name, element.Value);

    public BsonDocument AddRange(IEnumerable<BsonElement> elements)
    {
        ArgumentNullException.ThrowIfNull(elements);
        foreach (var element in elements)
            Add(element);
        return this;
    }

    public bool Contains(string name) => TryGetValue(name, out _);

    public BsonValue GetValue(string name) => this[name];

    public BsonValue GetValue(string name, BsonValue defaultValue) => TryGetValue(name, out var value) ? value : defaultValue;

    public void Remove(string name) => _elements.RemoveAll(e => e.Name == name);

    public BsonDocument Set(string name, BsonValue value)
    {
        var at = _elements.FindIndex(e => e.Name == name);
        if (at < 0)
            _elements.Add(new BsonElement(name, value));
        else
            _elements[at] = new BsonElement(name, value);
        return this;
    }

    public bool TryGetValue(string name, [MaybeNullWhen(false)] out BsonValue value)
    {
        foreach (var element in _elements)
        {
            if (element.Name == name)
            {
                value = element.Value;
                return true;
            }
        }

        value = null;
        return false;
    }

    public IEnumerator<BsonElement> GetEnumerator() => _elements.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public override bool Equals(BsonValue? other) => other is BsonDocument d && d._elements.SequenceEqual(_elements);

    public override int GetHashCode() => _elements.Count == 0 ? 0 : _elements[0].GetHashCode();

    public override string ToString() => this.ToJson();

    /// <summary>For the reader, which meets names as they were sent, twice possibly.</summary>
    internal void Append(string name, BsonValue value) => _elements.Add(new BsonElement(name, value));
}

public sealed class BsonArray : BsonValue, IEnumerable<BsonValue>
{
    private readonly List<BsonValue> _values = [];

    public BsonArray()
    {
    }

    public BsonArray(IEnumerable<BsonValue> values) => _values.AddRange(values);

    public BsonArray(IEnumerable<string> values) => _values.AddRange(values.Select(v => (BsonValue)v));

    public override BsonType BsonType => BsonType.Array;

    public int Count => _values.Count;

    public IEnumerable<BsonValue> Values => _values;

    public override BsonValue this[int index]
    {
        get => _values[index];
        set => _values[index] = value;
    }

    public BsonArray Add(BsonValue value)
    {
        _values.Add(value);
        return this;
    }

    public IEnumerator<BsonValue> GetEnumerator() => _values.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public override bool Equals(BsonValue? other) => other is BsonArray a && a._values.SequenceEqual(_values);

    public override int GetHashCode() => _values.Count;

    public override string ToString() => "[" + string.Join(", ", _values) + "]";
}
