using System.Text;
using ActorTrading.Engine.Ingest.Accounting;
using ActorTrading.TestKit;

namespace ActorTrading.Engine.Tests.Ingest;

/// <summary>The files of quarantine and audit when the disk fails.</summary>
public sealed class RotatedLogTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void AbandonedLines_AreTakenBack_AndTheNextGoIntoAnotherFile()
    {
        using var log = New();
        log.Append("kept\n"u8);
        log.Sync();
        log.Append("not known to be on the disk\n"u8);
        log.Abandon();
        log.Append("next\n"u8);
        log.Sync();
        Assert.Equal(["kept\n", "next\n"], Files().Select(Read));
        Assert.Equal(10, log.Bytes);
    }

    [Fact]
    public void DiskThatFailsAgainAndAgain_DoesNotFillWithEmptyFiles()
    {
        using var log = New();
        for (var attempt = 0; attempt < 20; attempt++)
        {
            log.Append("line\n"u8);
            log.Abandon();
        }

        Assert.Empty(Files());
        Assert.Equal(0, log.Bytes);
    }

    [Fact]
    public void LineLargerThanAFile_HasOneForItself()
    {
        using var log = New(fileBytes: 8);
        foreach (var line in (string[])["one\n", "a long line\n", "two\n", "3\n"]) log.Append(Encoding.ASCII.GetBytes(line));
        log.Sync();
        Assert.Equal(["one\n", "a long line\n", "two\n3\n"], Files().Select(Read));
    }

    private RotatedLog New(long fileBytes = 1_000) => new(folder.Path, "lines", fileBytes, 1_000, _ => { });

    private string[] Files() => [.. Directory.GetFiles(folder.Path).Order(StringComparer.Ordinal)];

    private static string Read(string path)
    {
        using var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return reader.ReadToEnd();
    }
}
