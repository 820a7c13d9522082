using System.Text;

namespace Tft.Inference.Windows.Sources;

/// <summary>The sources by number. Readers take no lock.</summary>
internal sealed class SourceTable
{
    /// <summary>Names beyond are counted together: a sender of ever new names must not fill the memory.</summary>
    public const int Capacity = 1_024;

    private const string Overflow = "other";

    private readonly Lock _adding = new();
    private Source[] _sources = [];

    public ReadOnlySpan<Source> All => Volatile.Read(ref _sources);

    public Source this[int number] => Volatile.Read(ref _sources)[number];

    /// <summary>The source of this name, made if it is new.</summary>
    public Source Get(ReadOnlySpan<byte> utf8)
    {
        foreach (var source in Volatile.Read(ref _sources))
        {
            if (utf8.SequenceEqual(source.Utf8))
                return source;
        }

        return Add(Encoding.UTF8.GetString(utf8));
    }

    private Source Add(string name)
    {
        lock (_adding)
        {
            if (_sources.Length >= Capacity - 1)
                name = Overflow;
            foreach (var known in _sources)
            {
                if (known.Name == name)
                    return known;
            }

            var source = new Source(_sources.Length, name);
            Volatile.Write(ref _sources, [.. _sources, source]);
            return source;
        }
    }
}
