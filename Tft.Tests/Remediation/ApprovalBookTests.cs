using Microsoft.Extensions.Logging.Abstractions;
using Tft.Contract.Messages;
using Tft.Inference.Remediation;
using Tft.Tests.Infrastructure;

namespace Tft.Tests.Remediation;

[Trait("Ring", "unit")]
public sealed class ApprovalBookTests : IDisposable
{
    private static readonly DateTimeOffset s_start = new(2026, 3, 2, 8, 0, 0, TimeSpan.Zero);

    private readonly TempFolder _folder = new();

    private string File => Path.Combine(_folder.Path, ApprovalBook.FileName);

    // Nothing is closed in between, as after kill -9.
    [Fact]
    public void Add_IsOnTheDiskWhenItReturns()
    {
        Open().Add(Approval(1, "ana"));
        Open().Add(Approval(2, "<b>bob</b>"));

        var all = Open().All();
        Assert.Equal(["<b>bob</b>", "ana"], all.Approvals.Select(a => a.By));
        Assert.Equal(Approval(1, "ana"), all.Approvals[1]);
        Assert.Equal((100, 0L), (all.Kept, all.Dropped));
    }

    [Fact]
    public void Add_BeyondWhatIsKept_DropsTheOldestAndCountsThem()
    {
        var book = Open();
        for (var i = 0; i < 103; i++)
        {
            book.Add(Approval(i, "ana"));
        }

        Assert.Equal((100, 3L), (book.All().Approvals.Count, book.All().Dropped));
        Assert.Equal("3", book.All().Approvals[^1].Id);
        Assert.Equal(3, Open().All().Dropped);
    }

    [Fact]
    public void Add_WhatCannotBeWritten_IsNotKept()
    {
        var book = Open();
        book.Add(Approval(1, "ana"));
        // in the place of the file that is written beside the old one
        Directory.CreateDirectory(File + ".tmp");

        Assert.ThrowsAny<Exception>(() => book.Add(Approval(2, "bob")));

        Assert.Equal("ana", Assert.Single(book.All().Approvals).By);
        Directory.Delete(File + ".tmp");
        book.Add(Approval(3, "eve"));
        Assert.Equal(["eve", "ana"], Open().All().Approvals.Select(a => a.By));
    }

    [Fact]
    public void Load_HalfAFile_IsSetAsideAndNotOverwritten()
    {
        System.IO.File.WriteAllText(File, """{"dropped":0,"approvals":[{"id":""");

        var book = Open();
        book.Add(Approval(1, "ana"));

        Assert.Single(Open().All().Approvals);
        Assert.StartsWith("""{"dropped":0""", System.IO.File.ReadAllText(File + ".broken"), StringComparison.Ordinal);
    }

    [Fact]
    public void Since_LastDecisionOfEach()
    {
        var book = Open();
        book.Add(Approval(0, "ana"));
        book.Add(Approval(10, "bob") with { Decision = "declined" });
        book.Add(Approval(20, "eve") with { Server = "other" });

        var last = book.Since(s_start.AddMinutes(5));
        Assert.Equal(("bob", "eve"), (last[("ppdb001", "swap")].By, last[("other", "swap")].By));
        Assert.Single(book.Since(s_start.AddMinutes(15)));
    }

    public void Dispose() => _folder.Dispose();

    private ApprovalBook Open() => new(_folder.Path, 100, NullLogger<ApprovalBook>.Instance);

    private static ApprovalInfo Approval(int minutes, string by) => new()
    {
        Id = $"{minutes}",
        At = s_start.AddMinutes(minutes),
        By = by,
        Decision = "approved",
        Server = "ppdb001",
        Profile = "database",
        Runbook = "swap",
        Title = "t",
        Remark = "r",
    };
}
