using Tft.Contract.Problems;

namespace Tft.Contract.Json;

/// <summary>Where and why a body is not JSON.</summary>
/// <param name="Line">From 1.</param>
/// <param name="Byte">Within the line, from 1.</param>
/// <param name="What">For example <c>expected ',' or ']'.</c></param>
public sealed record MalformedJson(long Line, long Byte, string What)
{
    public Problem ToProblem() => Problem.NotJson(Line, Byte, What);

    internal static MalformedJson At(ReadOnlySpan<byte> json, int position, string what)
    {
        var before = json[..Math.Min(position, json.Length)];
        var line = before.Count((byte)'\n') + 1;
        return new MalformedJson(line, before.Length - before.LastIndexOf((byte)'\n'), what);
    }
}

/// <summary>How the scanner gives up; never leaves this assembly.</summary>
internal sealed class MalformedJsonException(int position, string what) : Exception(what)
{
    public int Position => position;
}
