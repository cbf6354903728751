using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;
using ActorTrading.Engine.Embedded;
using ActorTrading.Engine.History;
using ActorTrading.Engine.Journal;
using ActorTrading.TestKit.Engines;
using Record = ActorTrading.Domain.Records.Record;

namespace ActorTrading.Engine.Tests.History;

/// <summary>Bars of a history without snapshots: it is folded once, and later queries start from the waypoints of earlier ones.</summary>
public sealed class LongHistoryTests
{
    private const int Events = 210;
    private const int RecordsOfEvent = 1_000;

    private static readonly Plan Plan = Plan.Parse("""{"frames":["1min"],"indicators":["ema(10)","rsi(14)"]}""");
    private static readonly Symbol Slow = Symbol.Parse("SLOW");

    [Fact]
    public async Task SecondQuery_ReadsWhatIsNewAndNear_AndFindsTheSame()
    {
        var memory = new MemoryJournal();
        var journal = new WatchedJournal(memory, Slow);
        await using var engine = await EmbeddedEngine.OpenAsync(Plan, memory, new EmbeddedOptions { Partitions = 1, SnapshotEvery = 0 });
        for (var i = 0; i < Events; i++) await SendAsync(Event(i));
        var past = new JournalHistory(Plan, journal);
        var all = await AllAsync(new JournalHistory(Plan, memory));

        // Each query also reads one or two events: whether the first exists and is older than the bar, and whether that of a waypoint still
        // exists.
        Assert.Equal(Events + 1, await RowsOfAsync(1, Timestamp.MaxValue));
        Assert.Equal(2, await RowsOfAsync(1, Timestamp.MaxValue));
        await SendAsync([Tick((Events * RecordsOfEvent) - 1)]);
        Assert.Equal(3, await RowsOfAsync(1, Timestamp.MaxValue));
        var middle = all[all.Count / 2].Bar.Opened;
        Assert.InRange(await RowsOfAsync(2, middle), 1, 66 + 2); // from the waypoint before it, at most 65,536 records
        Assert.InRange(await RowsOfAsync(1_000, Timestamp.MaxValue), Events + 1, Events + 10); // all bars: every event once

        var before = journal.Rows;
        var first = await past.FirstBarsAsync(Slow, Frame.OneMinute, (middle, Timestamp.MaxValue), 1);
        Assert.Equal(Text(all[all.Count / 2]), Text(Assert.Single(first)));
        Assert.InRange(journal.Rows - before, 1, 66 + 2);

        async Task<long> RowsOfAsync(int limit, Timestamp to)
        {
            var rows = journal.Rows;
            var page = await past.NewestBarsAsync(Slow, Frame.OneMinute, to, limit);
            Assert.Equal(all.Where(bar => bar.Bar.Opened < to).TakeLast(limit).Select(Text), page.Bars.Select(Text));
            return journal.Rows - rows;
        }

        async Task SendAsync(Record[] batch) => Assert.Equal(batch.Length, (await (await engine.SubmitAsync(batch)).Durable).Applied);
    }

    [Fact]
    public async Task FoldThatItsCallerLeft_IsNotLost()
    {
        var memory = new MemoryJournal();
        var journal = new WatchedJournal(memory, Slow);
        await using var engine = await EmbeddedEngine.OpenAsync(Plan, memory, new EmbeddedOptions { Partitions = 1, SnapshotEvery = 0 });
        for (var i = 0; i < Events; i++) await (await engine.SubmitAsync(Event(i))).Durable;
        var past = new JournalHistory(Plan, journal);
        using var leaving = new CancellationTokenSource();
        journal.OnRow = () =>
        {
            if (journal.Rows == 150) leaving.Cancel();
        };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => past.NewestBarsAsync(Slow, Frame.OneMinute, Timestamp.MaxValue, 1, leaving.Token));
        Assert.Equal(150, journal.Rows);
        await past.NewestBarsAsync(Slow, Frame.OneMinute, Timestamp.MaxValue, 1);
        Assert.InRange(journal.Rows - 150, 1, Events - 132 + 2); // from the last waypoint on
    }

    [Fact]
    public async Task WaypointWhoseEventsWereDeleted_CountsNoMore()
    {
        var memory = new MemoryJournal();
        await using var engine = await EmbeddedEngine.OpenAsync(Plan, memory, new EmbeddedOptions { Partitions = 1, SnapshotEvery = 0 });
        for (var i = 0; i < 5; i++) await (await engine.SubmitAsync(Event(i))).Durable;
        var past = new JournalHistory(Plan, memory);
        Assert.Single((await past.NewestBarsAsync(Slow, Frame.OneMinute, Timestamp.MaxValue, 1)).Bars);
        memory.Delete([new JournalDeletion(PersistenceIds.Of(Slow), 5, 5)]);
        Assert.Empty((await past.NewestBarsAsync(Slow, Frame.OneMinute, Timestamp.MaxValue, 1)).Bars);
    }

    private static async Task<List<BarClosed>> AllAsync(JournalHistory past)
    {
        var bars = new List<BarClosed>();
        await foreach (var bar in past.BarsAsync(Slow, Frame.OneMinute, Timestamp.MinValue, Timestamp.MaxValue)) bars.Add(bar);
        return bars;
    }

    private static Record[] Event(int number) => [.. Enumerable.Range(number * RecordsOfEvent, RecordsOfEvent).Select(Tick)];

    private static Record Tick(int number)
    {
        var time = new Timestamp(1_720_535_400_000_000_000 + (number * (Timestamp.Second / 10)));
        return Record.OfTick(Slow, Identity.Anonymous, time, 100_00000000 + (number % 977), 1_00000000);
    }

    private static string Text(BarClosed closed)
    {
        var bar = closed.Bar;
        return $"{bar.Opened} {bar.Open} {bar.High} {bar.Low} {bar.Close} {bar.Volume} {string.Join(' ', closed.Values)}";
    }
}
