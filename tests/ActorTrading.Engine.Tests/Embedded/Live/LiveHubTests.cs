using System.Collections;
using ActorTrading.Domain.Bars;
using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;
using ActorTrading.Engine.Live;
using Record = ActorTrading.Domain.Records.Record;

namespace ActorTrading.Engine.Tests.Embedded.Live;

/// <summary>The readers of live events, and the cost of an event for readers that do not want it.</summary>
public class LiveHubTests
{
    private const int Crowd = 1_000;

    private static readonly Symbol Wanted = Symbol.Parse("WANTED");

    /// <summary>Of a thousand readers, each of another symbol, an event asks one: the filters of the others are not evaluated.</summary>
    [Fact]
    public void EventOfASymbol_AsksOnlyTheReadersOfThatSymbol()
    {
        var hub = new LiveHub();
        var asked = new Counter();
        for (var i = 0; i < Crowd; i++)
        {
            hub.Subscribe(
                new LiveFilter(
                    new Counting<Symbol>(asked, [Symbol.Parse($"S{i}")]), new Counting<Frame>(asked, [Frame.OneMinute]), Late: true,
                    Ticks: true),
                4);
        }

        var reader = hub.Subscribe(
            new LiveFilter(new HashSet<Symbol> { Wanted }, new Counting<Frame>(asked, [Frame.OneMinute]), Late: true, Ticks: true), 4);
        asked.Count = 0;
        Assert.True(hub.WantsBars(Wanted, Frame.OneMinute) && hub.WantsTicks(Wanted) && hub.WantsLate(Wanted));
        foreach (var one in EventsOf(Wanted)) hub.Publish(one);
        Assert.Equal(2, asked.Count); // the frame of the bar: before it is built, and when it is delivered
        Assert.Equal(3, Unread(hub, reader).Count);
    }

    /// <summary>
    /// Readers whose access rules hide the symbol are not asked either, although they watch all symbols that they may see.
    /// </summary>
    [Fact]
    public void EventOfASymbol_ComesToNobodyWhoMayNotSeeIt()
    {
        var hub = new LiveHub();
        var hidden = Enumerable.Range(0, Crowd)
            .Select(i => hub.Subscribe(
                new LiveFilter(Ticks: true) { Scope = new LiveScope(SymbolScope.Of([Symbol.Parse($"S{i}")], [$"T{i}"])) }, 4))
            .ToList();
        var named = hub.Subscribe(new LiveFilter(Ticks: true) { Scope = new LiveScope(SymbolScope.Of([Wanted])) }, 4);
        var begun = hub.Subscribe(new LiveFilter(Ticks: true) { Scope = new LiveScope(SymbolScope.Of([Wanted], ["WA", "WAN", "X"])) }, 4);
        var both = hub.Subscribe(
            new LiveFilter(new HashSet<Symbol> { Wanted }, Ticks: true) { Scope = new LiveScope(SymbolScope.Of([], ["V"])) }, 4);
        var all = hub.Subscribe(new LiveFilter(Ticks: true), 4);
        hub.Publish(new LiveEvent(Tick: Tick(Wanted)));
        Assert.All([named, begun, all], reader => Assert.Single(Unread(hub, reader)));
        Assert.All([both, .. hidden], reader => Assert.Empty(Unread(hub, reader)));
    }

    /// <summary>
    /// Every mixture of readers gets the events that an evaluation of every filter gives, before and after some have left or may see other
    /// symbols.
    /// </summary>
    [Fact]
    public void EveryReader_GetsWhatItsFilterLetsThrough()
    {
        var random = new Random(6);
        var symbols = Enumerable.Range(0, 30).Select(i => Symbol.Parse("ABC"[i % 3] + (i < 15 ? "" : "B") + (i % 5))).Distinct().ToArray();
        var hub = new LiveHub();
        var readers = Enumerable.Range(0, 60).Select(_ => hub.Subscribe(AnyFilter(), 10_000)).ToList();
        var expected = readers.ToDictionary(reader => reader, _ => new List<LiveEvent>());
        for (var round = 0; round < 200; round++)
        {
            var changed = readers[random.Next(readers.Count)];
            if (round % 3 == 0) changed.Filter.Scope?.Change(AnyScope());
            if (round % 7 == 0) hub.Unsubscribe(changed);
            if (round % 7 == 0) readers.Remove(changed);
            foreach (var happened in EventsOf(symbols[random.Next(symbols.Length)]))
            {
                hub.Publish(happened);
                foreach (var reader in readers.Where(reader => Wants(reader.Filter, happened))) expected[reader].Add(happened);
            }
        }

        foreach (var (reader, events) in expected) Assert.Equal(events, Unread(hub, reader));
        Assert.Null(hub.Wanted);
        Assert.All(
            symbols, symbol => Assert.False(hub.WantsTicks(symbol) || hub.WantsLate(symbol) || hub.WantsBars(symbol, Frame.OneMinute)));

        LiveFilter AnyFilter() => new(
            random.Next(3) == 0 ? null : symbols.Where(_ => random.Next(4) == 0).ToHashSet(),
            random.Next(2) == 0 ? null : new HashSet<Frame> { random.Next(2) == 0 ? Frame.OneMinute : Frame.OneDay },
            random.Next(2) == 0, random.Next(2) == 0, random.Next(2) == 0)
            {
                Scope = random.Next(2) == 0 ? null : new LiveScope(AnyScope()),
            };
        SymbolScope AnyScope() => random.Next(4) == 0 ? SymbolScope.All
            : SymbolScope.Of(
                symbols.Where(_ => random.Next(4) == 0), new[] { "A", "AB", "ABB", "C", "CB" }.Where(_ => random.Next(4) == 0));
        static bool Wants(LiveFilter filter, LiveEvent happened) =>
            (happened.Bar is { } bar ? filter.Bars && filter.Frames?.Contains(bar.Frame) != false
                : happened.Late is not null ? filter.Late
                : filter.Ticks)
            && filter.Symbols?.Contains(SymbolOf(happened)) != false && filter.Scope?.Current.Contains(SymbolOf(happened)) != false;
        static Symbol SymbolOf(LiveEvent happened) => happened.Bar?.Symbol ?? (happened.Late ?? happened.Tick)!.Value.Symbol;
    }

    /// <summary>While the rules change, a reader gets each event that it may see before and after exactly once.</summary>
    [Fact]
    public async Task ChangeOfWhatAReaderMaySee_LosesAndDoublesNothing()
    {
        const int Events = 20_000;
        var hub = new LiveHub();
        var scope = new LiveScope(SymbolScope.All);
        var reader = hub.Subscribe(new LiveFilter(Ticks: true) { Scope = scope }, Events);
        SymbolScope[] scopes = [SymbolScope.Of([Wanted]), SymbolScope.Of([], ["WA"]), SymbolScope.All];
        var sending = Task.Run(() =>
        {
            for (var i = 0; i < Events; i++) hub.Publish(new LiveEvent(Tick: Tick(Wanted), Missed: i));
        });
        for (var i = 0; !sending.IsCompleted; i++) scope.Change(scopes[i % scopes.Length]);
        await sending;
        Assert.Equal(Enumerable.Range(0, Events), Unread(hub, reader).Select(happened => (int)happened.Missed));
    }

    [Fact]
    public async Task ChangeOfAFilter_LosesAndDoublesNothing_ThatIsWantedBeforeAndAfter()
    {
        const int Events = 20_000;
        var hub = new LiveHub();
        LiveFilter[] filters =
            [new(Ticks: true), new(new HashSet<Symbol> { Wanted }, Bars: false, Ticks: true), new(Late: true, Ticks: true)];
        var reader = hub.Subscribe(filters[0], Events);
        var sending = Task.Run(() =>
        {
            for (var i = 0; i < Events; i++) hub.Publish(new LiveEvent(Tick: Tick(Wanted), Missed: i));
        });
        for (var i = 0; !sending.IsCompleted; i++) hub.Change(reader, filters[i % filters.Length]);
        await sending;
        Assert.Equal(Enumerable.Range(0, Events), Unread(hub, reader).Select(happened => (int)happened.Missed));

        var other = hub.Subscribe(filters[0], 1);
        hub.Change(other, new LiveFilter(Late: true, Bars: false));
        Assert.True(hub.WantsLate(Wanted));
        Assert.False(hub.WantsTicks(Wanted) || hub.WantsBars(Wanted, Frame.OneMinute));
        hub.Unsubscribe(other);
        hub.Change(other, filters[0]); // it has left
        Assert.False(hub.WantsTicks(Wanted) || hub.WantsLate(Wanted));
    }

    [Fact]
    public void WhatIsWanted_IsTheUnion_OfThoseWhoAreHere()
    {
        var hub = new LiveHub();
        hub.Subscribe(new LiveFilter(Late: true), 4, isRelay: true);
        hub.Subscribe(new LiveFilter(Ticks: true) { Scope = new LiveScope(SymbolScope.Of([])) }, 4); // may see nothing
        Assert.Null(hub.Wanted);
        var scope = new LiveScope(SymbolScope.Of([Wanted]));
        hub.Subscribe(new LiveFilter(null, null, Bars: false, Ticks: true) { Scope = scope }, 4);
        hub.Subscribe(new LiveFilter(new HashSet<Symbol> { Symbol.Parse("S") }, new HashSet<Frame> { Frame.OneDay }), 4);
        var wanted = hub.Wanted!;
        Assert.Equal(["S", "WANTED"], wanted.Symbols!.Select(symbol => symbol.Name).Order());
        Assert.Equal([Frame.OneDay], wanted.Frames!);
        Assert.True(wanted is { Bars: true, Ticks: true, Late: false });
        Assert.Same(wanted, hub.Wanted);
        scope.Change(SymbolScope.Of([], ["W"])); // the start has no position in the stream that other nodes read
        Assert.Null(hub.Wanted!.Symbols);
    }

    /// <summary>A reader that never requested its first event is removed when its connection ends.</summary>
    [Fact]
    public async Task ReaderThatNeverRead_IsForgotten_WhenItsConnectionEnds()
    {
        var hub = new LiveHub();
        using var over = new CancellationTokenSource();
        _ = hub.ReadAsync(new LiveFilter(Ticks: true), 4, over.Token);
        Assert.True(hub.WantsTicks(Wanted));
        await over.CancelAsync();
        Assert.False(hub.WantsTicks(Wanted));
    }

    [Fact]
    public void EventIsEncodedOnce_ForAllItsReaders()
    {
        var happened = new LiveEvent(Tick: Tick(Wanted));
        var times = 0;
        for (var reader = 0; reader < 3; reader++) Assert.Equal([1], happened.EncodedBy(_ => [(byte)++times]).ToArray());
        Assert.Equal(new LiveEvent(Tick: happened.Tick), happened); // the encoded bytes do not count
    }

    private static IEnumerable<LiveEvent> EventsOf(Symbol symbol)
    {
        yield return new LiveEvent(new BarClosed(symbol, Frame.OneMinute, new Bar { OpenTime = 1, Ticks = 1 }, []));
        yield return new LiveEvent(Late: Tick(symbol));
        yield return new LiveEvent(Tick: Tick(symbol));
    }

    private static Record Tick(Symbol symbol) =>
        Record.OfTick(symbol, Identity.Anonymous, Timestamp.OfDate(2024, 7, 9), Fixed8.One, Fixed8.One);

    /// <summary>The events offered to a reader that it has not read.</summary>
    private static List<LiveEvent> Unread(LiveHub hub, LiveReader reader)
    {
        hub.Unsubscribe(reader);
        reader.End(null);
        return reader.ReadAsync(CancellationToken.None).ToBlockingEnumerable().ToList();
    }

    private sealed class Counter
    {
        public int Count { get; set; }
    }

    /// <summary>A set that counts its lookups.</summary>
    private sealed class Counting<T>(Counter asked, T[] items) : IReadOnlySet<T>
    {
        private readonly HashSet<T> set = [.. items];

        public int Count => set.Count;

        public bool Contains(T item)
        {
            asked.Count++;
            return set.Contains(item);
        }

        public bool IsProperSubsetOf(IEnumerable<T> other) => set.IsProperSubsetOf(other);

        public bool IsProperSupersetOf(IEnumerable<T> other) => set.IsProperSupersetOf(other);

        public bool IsSubsetOf(IEnumerable<T> other) => set.IsSubsetOf(other);

        public bool IsSupersetOf(IEnumerable<T> other) => set.IsSupersetOf(other);

        public bool Overlaps(IEnumerable<T> other) => set.Overlaps(other);

        public bool SetEquals(IEnumerable<T> other) => set.SetEquals(other);

        public IEnumerator<T> GetEnumerator() => set.GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
