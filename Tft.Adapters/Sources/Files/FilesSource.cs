using System.Runtime.CompilerServices;
using Tft.Adapters.Mapping;
using Tft.Contract.Records;

namespace Tft.Adapters.Sources.Files;

/// <summary>
/// Files that grow: CSV, JSON lines, logs. The position is the offset behind the last acknowledged line of each file; a file that was
/// rotated away is known by its beginning and read to its end first, one that was truncated is begun anew.
/// </summary>
internal sealed class FilesSource(FilesOptions options, RecordMapper mapper, TimeSpan history, TimeProvider clock) : IMetricSource
{
    private const int PageLines = 1000;

    private readonly RowGroups _groups = new(mapper);

    /// <summary>The files are the history: they are read as they are, from where the position says.</summary>
    public bool HasHistory => false;

    public async IAsyncEnumerable<SourcePage> ReadAsync(ReadRange range, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var positions = FilePositionJson.Read(range.Position).ToDictionary(p => p.Path, StringComparer.Ordinal);
        foreach (var path in Paths())
        {
            foreach (var page in ReadFile(path, positions, isFirstContact: range.Position is null))
            {
                cancellationToken.ThrowIfCancellationRequested();
                yield return page;
                await Task.Yield();
            }
        }
    }

    public async IAsyncEnumerable<SourcePage> BackfillAsync(BackfillRange range, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask.ConfigureAwait(false);
        yield break;
    }

    /// <summary>The longest untouched first, so that a server's older rows come before its newer ones.</summary>
    private List<string> Paths()
    {
        var full = Path.GetFullPath(options.Path);
        var folder = Path.GetDirectoryName(full)!;
        var last = Path.GetFileName(full);
        if (!last.AsSpan().ContainsAny('*', '?'))
        {
            if (!File.Exists(full))
                throw new SourceException($"{options.Path} is not there: check path; what is written later is read when it is there");
            return [full];
        }

        return Directory.Exists(folder) ? [.. Directory.EnumerateFiles(folder, last).OrderBy(File.GetLastWriteTimeUtc).ThenBy(f => f, StringComparer.Ordinal)]
            : throw new SourceException($"the folder of {options.Path} is not there: check path; what is written later is read when it is there");
    }

    private IEnumerable<SourcePage> ReadFile(string path, Dictionary<string, FilePosition> positions, bool isFirstContact)
    {
        using var file = Open(path);
        if (file is null)
            yield break;
        var from = 0L;
        if (positions.TryGetValue(path, out var position))
        {
            if (FileHead.IsSame(file, position))
                from = position.Offset;
            else
            {
                using var rotated = FindRotated(path, position);
                if (rotated is not null)
                {
                    foreach (var page in ReadLines(rotated, path, position.Offset, positions, keepPosition: false, isFirstContact))
                        yield return page;
                }
            }
        }
        else if (isFirstContact && options.FromEnd)
        {
            from = EndOfLastLine(file);
            positions[path] = Position(file, path, from, []);
            yield return new SourcePage([], null, FilePositionJson.Write(positions.Values));
        }

        foreach (var page in ReadLines(file, path, from, positions, keepPosition: true, isFirstContact))
            yield return page;
    }

    /// <param name="keepPosition">False for a file that is gone by its name: its position gives way to that of its successor.</param>
    private IEnumerable<SourcePage> ReadLines(FileStream file, string path, long from, Dictionary<string, FilePosition> positions, bool keepPosition, bool isFirstContact)
    {
        var parser = new LineParser(path, options);
        var start = from;
        if (parser.HasHeader)
        {
            var header = new LineReader(file, 0);
            if (header.Next() is not { } names)
                yield break;
            parser.SetHeader(names);
            start = Math.Max(from, header.Offset);
        }

        _groups.Clear();
        var reader = new LineReader(file, start);
        var offsets = new Dictionary<IRow, long>(ReferenceEqualityComparer.Instance);
        // What is old is left out of files that were there first; what was written since is the service's to judge.
        var oldest = isFirstContact ? clock.GetUtcNow() - history : DateTimeOffset.MinValue;
        var settled = clock.GetUtcNow() - TimeSpan.FromSeconds(mapper.Plan.MergeSeconds);
        while (true)
        {
            var faults = new List<MappingFault>();
            var before = reader.Offset;
            var rows = ReadRows(reader, parser, offsets, faults);
            if (reader.Offset == before)
                yield break;
            var records = new List<MetricRecord>(_groups.Take(rows, faults));
            records.AddRange(_groups.Close(keepPosition ? settled : DateTimeOffset.MaxValue, faults));
            records.RemoveAll(r => r.Timestamp < oldest);
            if (reader.Skipped > 0)
                faults.Add(new MappingFault(parser.File, "", $"{reader.Skipped} lines are longer than a megabyte"));
            if (keepPosition)
                positions[path] = Position(file, path, reader.Offset, offsets);
            yield return new SourcePage(records, _groups.Newest, FilePositionJson.Write(positions.Values)) { Faults = faults };
        }
    }

    /// <summary>Behind the last line, or before the first whose span is not over: that one is read again.</summary>
    private FilePosition Position(FileStream file, string path, long offset, Dictionary<IRow, long> offsets)
    {
        var held = _groups.HeldRows.ToHashSet(ReferenceEqualityComparer.Instance);
        foreach (var row in offsets.Keys.Where(r => !held.Contains(r)).ToList())
            offsets.Remove(row);
        var at = offsets.Count == 0 ? offset : offsets.Values.Min();
        var (hash, length) = FileHead.Of(file, at);
        return new FilePosition(path, at, hash, length);
    }

    private static List<IRow> ReadRows(LineReader reader, LineParser parser, Dictionary<IRow, long> offsets, List<MappingFault> faults)
    {
        var rows = new List<IRow>();
        // Lines are counted, not rows: a log of other people's lines must not make a page endless.
        for (var lines = 0; lines < PageLines; lines++)
        {
            var at = reader.Offset;
            if (reader.Next() is not { } line)
                break;
            if (parser.Parse(line, at, out var reason) is { } row)
            {
                rows.Add(row);
                offsets[row] = at;
            }
            else if (reason is not null)
                faults.Add(new MappingFault($"{parser.File}@{at}", "", reason));
        }

        return rows;
    }

    /// <summary>The file that the position was taken in, under the name that rotation gave it: beside it, beginning with its name.</summary>
    private static FileStream? FindRotated(string path, FilePosition position)
    {
        var stem = Path.GetFileNameWithoutExtension(path);
        foreach (var candidate in Directory.EnumerateFiles(Path.GetDirectoryName(path)!, stem + "*").Where(c => c != path))
        {
            var file = Open(candidate);
            if (file is not null && FileHead.IsSame(file, position))
                return file;
            file?.Dispose();
        }

        return null;
    }

    private static long EndOfLastLine(FileStream file)
    {
        var reader = new LineReader(file, 0);
        while (reader.Next() is not null)
        {
        }

        return reader.Offset;
    }

    private static FileStream? Open(string path)
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        }
        catch (FileNotFoundException)
        {
            // Rotated away between listing and opening: the next read finds what came in its place.
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SourceException($"{path} can't be read: {e.Message}", e);
        }
    }
}
