using System.Text;
using System.Text.Json;
using ActorTrading.Domain.Admission;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;
using ActorTrading.Engine.Ingest;
using ActorTrading.Engine.Ingest.Accounting;
using ActorTrading.TestKit;
using ActorTrading.TestKit.Ingest;
using ActorTrading.Wire;

namespace ActorTrading.Engine.Tests.Ingest;

/// <summary>What is in the quarantine can be read from any place on, each refusal once, across files, starts and torn lines.</summary>
public sealed class QuarantineReaderTests : IDisposable
{
    private static readonly Sender Sender = new("tcp", "127.0.0.1:5", Source.Parse("feed-1"));
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(2);

    private readonly TemporaryFolder folder = new();
    private readonly ControlledEngine engine = new();
    private readonly CancellationTokenSource patience = new(Timeout);
    private int place;

    private string QuarantineFolder => Path.Combine(folder.Path, "quarantine");

    public void Dispose()
    {
        patience.Dispose();
        folder.Dispose();
    }

    [Fact]
    public async Task Refusals_AreReadOnceEach_AcrossFiles_AndAsTheyCome()
    {
        await using var pipeline = Open();
        await RefuseAsync(pipeline, 20);
        var end = pipeline.Rejects.QuarantineEnd;
        await using var reading = pipeline.Rejects.ReadAsync(default, patience.Token).GetAsyncEnumerator();
        Assert.Equal(Enumerable.Range(1, 20), (await ReadAsync(reading, 20)).Select(PlaceOf));
        var next = reading.MoveNextAsync();
        Assert.False(next.IsCompleted);
        await RefuseAsync(pipeline, 3);
        Assert.True(await next);
        Assert.Equal(21, PlaceOf(reading.Current));
        Assert.Equal([22, 23], (await ReadAsync(reading, 2)).Select(PlaceOf));
        Assert.True(Directory.GetFiles(QuarantineFolder).Length > 3);

        await using var fromEnd = pipeline.Rejects.ReadAsync(end, patience.Token).GetAsyncEnumerator();
        Assert.Equal([21, 22, 23], (await ReadAsync(fromEnd, 3)).Select(PlaceOf));
        await using var fromMiddle = pipeline.Rejects.ReadAsync(reading.Current.End, patience.Token).GetAsyncEnumerator();
        await RefuseAsync(pipeline, 1);
        Assert.Equal([24], (await ReadAsync(fromMiddle, 1)).Select(PlaceOf));
    }

    [Fact]
    public async Task EveryPlace_IsOneToGoOnFrom_AlsoAfterAStart_AndALineThatACrashTore()
    {
        var all = new List<QuarantineLine>();
        await using (var first = Open())
        {
            await RefuseAsync(first, 12);
            await using var reading = first.Rejects.ReadAsync(default, patience.Token).GetAsyncEnumerator();
            all.AddRange(await ReadAsync(reading, 12));
        }

        var newest = Directory.GetFiles(QuarantineFolder).Order(StringComparer.Ordinal).Last();
        await File.AppendAllTextAsync(newest, "{\"time\":\"20");
        await using var second = Open();
        await RefuseAsync(second, 5);
        await using (var reading = second.Rejects.ReadAsync(all[^1].End, patience.Token).GetAsyncEnumerator())
            all.AddRange(await ReadAsync(reading, 5));
        Assert.Equal(Enumerable.Range(1, 17), all.Select(PlaceOf));
        for (var i = 0; i < all.Count - 1; i++)
        {
            await using var rest = second.Rejects.ReadAsync(all[i].End, patience.Token).GetAsyncEnumerator();
            Assert.Equal(Enumerable.Range(i + 2, 16 - i), (await ReadAsync(rest, 16 - i)).Select(PlaceOf));
        }
    }

    [Fact]
    public async Task RefusalsOfDeletedFiles_AreGone_AndTheOthersAreRead()
    {
        await using var pipeline = Open();
        await RefuseAsync(pipeline, 12);
        var files = Directory.GetFiles(QuarantineFolder).Order(StringComparer.Ordinal).ToList();
        File.Delete(files[0]);
        File.Delete(files[1]);
        var left = files.Skip(2).SelectMany(File.ReadAllLines).Count();
        Assert.InRange(left, 1, 11);
        await using var reading = pipeline.Rejects.ReadAsync(default, patience.Token).GetAsyncEnumerator();
        Assert.Equal(Enumerable.Range(13 - left, left), (await ReadAsync(reading, left)).Select(PlaceOf));
    }

    [Fact]
    public async Task RefusalThatIsNotDurable_IsNotRead_AndReadingEndsWithTheReception()
    {
        await File.WriteAllTextAsync(QuarantineFolder, "in the way"); // no file can be made below it
        var pipeline = Open();
        var refused = (await pipeline.SubmitAsync(default, [Unreadable()], Sender)).Durable;
        var reading = pipeline.Rejects.ReadAsync(default, patience.Token).GetAsyncEnumerator();
        var next = reading.MoveNextAsync();
        await Until.True(() => pipeline.Rejects.Quarantine!.Problem is not null, "the problem is noticed");
        Assert.False(next.IsCompleted);
        File.Delete(QuarantineFolder);
        await refused.WaitAsync(Timeout);
        Assert.True(await next);
        Assert.Equal(1, PlaceOf(reading.Current));
        next = reading.MoveNextAsync();
        await pipeline.DisposeAsync();
        Assert.False(await next);
        await reading.DisposeAsync();
    }

    private static async Task<List<QuarantineLine>> ReadAsync(IAsyncEnumerator<QuarantineLine> reading, int count)
    {
        var lines = new List<QuarantineLine>();
        while (lines.Count < count && await reading.MoveNextAsync()) lines.Add(reading.Current);
        return lines;
    }

    private static int PlaceOf(QuarantineLine line) =>
        JsonSerializer.Deserialize<JsonElement>(Encoding.UTF8.GetString(line.Line.Span)).GetProperty("place").GetInt32();

    private IngestPipeline Open() => new(engine, new IngestPipelineOptions
    {
        Folder = folder.Path, FileBytes = 600, RetryAfter = TimeSpan.FromMilliseconds(5),
    });

    private async Task RefuseAsync(IngestPipeline pipeline, int count)
    {
        for (var i = 0; i < count; i++) await (await pipeline.SubmitAsync(default, [Unreadable()], Sender)).Durable.WaitAsync(Timeout);
    }

    private RejectedInput Unreadable() => new(
        new Identity(Source.Parse("feed-1"), 0, Identity.None), ++place, new Rejection(RejectReason.Malformed, "line", "what came"),
        $"raw {place}");
}
