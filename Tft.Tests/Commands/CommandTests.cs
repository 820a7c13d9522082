using System.CommandLine;
using Tft.Inference.Commands;
using Tft.Inference.Commands.Validation;
using Tft.Tests.Infrastructure;

namespace Tft.Tests.Commands;

[Trait("Ring", "component")]
public sealed class CommandTests : IDisposable
{
    private const long Now = 1_760_702_400 + 3600;

    private readonly TempFolder _folder = new();

    [Fact]
    public void Validate_Csv_NamesEveryFaultWithItsRow()
    {
        var path = Write("a.csv", "timestamp,server_name,cpu_user_pct,foo\n2025-10-17T12:00:00Z,a,5,1\nyesterday,a,5,1\n2025-10-17T12:00:00Z,a,150,1\n1,2\n");
        var text = Print(path, out var clean);
        Assert.False(clean);
        foreach (var expected in (string[])["row 1: unknown_column", "row 3: bad_timestamp", "row 4: out_of_range", "row 5: wrong_field_count", "3 records, 1 good, 2 refused"])
            Assert.Contains(expected, text, StringComparison.Ordinal);
    }

    [Fact]
    public void Validate_GoodFiles_AreCleanInEveryFormat()
    {
        const string record = "{\"timestamp\":\"2025-10-17T12:00:00Z\",\"server_name\":\"a\",\"mem_used_pct\":5}";
        Assert.True(RecordFile.Validate(Write("a.jsonl", record + "\n\n" + record + "\n"), Now).IsClean);
        Assert.True(RecordFile.Validate(Write("a.json", $"[{record},{record}]"), Now).IsClean);
        Assert.True(RecordFile.Validate(Write("b.csv", "timestamp,server_name,mem_used_pct\n2025-10-17T12:00:00Z,\"a,\"\"b\"\"\",5\n"), Now).IsClean);
    }

    [Fact]
    public void Validate_EmptyOrUnknownKind_IsNotClean()
    {
        Assert.False(RecordFile.Validate(Write("a.csv", ""), Now).IsClean);
        Assert.Throws<InvalidDataException>(() => RecordFile.Validate(Write("a.xml", "<a/>"), Now));
    }

    [Fact]
    public void Keys_CreateListRevoke_EndsTheKey()
    {
        var created = Run("create", "--scope", "feed", "--expires", "90d");
        Assert.Equal(0, created.Code);
        var id = created.Output.Split('_')[1];
        Assert.Contains("live", Run("list").Output, StringComparison.Ordinal);
        Assert.Equal(0, Run("revoke", id).Code);
        Assert.Contains("revoked", Run("list").Output, StringComparison.Ordinal);
        Assert.Equal(1, Run("revoke", id).Code);
    }

    [Theory]
    [InlineData("create", "--scope", "everything")]
    [InlineData("create", "--expires", "soon")]
    public void Keys_WhatCannotBe_IsRefused(params string[] arguments) => Assert.NotEqual(0, Run(arguments).Code);

    [Theory]
    [InlineData("--prot", "80")]
    [InlineData("train")]
    public void HostArguments_WhatNobodyKnows_IsNamed(params string[] tokens) => Assert.Equal(tokens[0], HostArguments.FirstUnknown(tokens));

    [Theory]
    [InlineData("--Tft:DataDirectory=/data")]
    [InlineData("--urls", "http://localhost:1", "--environment=Production")]
    public void HostArguments_Configuration_GoesThrough(params string[] tokens) => Assert.Null(HostArguments.FirstUnknown(tokens));

    public void Dispose() => _folder.Dispose();

    private string Write(string name, string text)
    {
        File.WriteAllText(_folder.File(name), text);
        return _folder.File(name);
    }

    private static string Print(string path, out bool clean)
    {
        var report = RecordFile.Validate(path, Now);
        clean = report.IsClean;
        var output = new StringWriter();
        report.Print(output, 100);
        return output.ToString();
    }

    private (int Code, string Output) Run(params string[] arguments)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var code = KeysCommand.Create().Parse([.. arguments, "--data", _folder.Path])
            .Invoke(new InvocationConfiguration { Output = output, Error = error });
        return (code, output.ToString());
    }
}
