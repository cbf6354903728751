using ActorTrading.Domain.Admission;
using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Values;
using ActorTrading.TestKit.Folding;
using FsCheck;
using FsCheck.Fluent;
using Record = ActorTrading.Domain.Records.Record;

namespace ActorTrading.Domain.Tests.Folding;

/// <summary>Properties of every plan and every stream: no look-ahead, no memory outside the snapshot, no dependence on batches.</summary>
public class FoldPropertyTests
{
    private static readonly Dictionary<string, SymbolPlan> Compiled =
        TestPlans.All.ToDictionary(plan => plan.Key, plan => new SymbolPlan(plan.Value.Settings));

    public static TheoryData<string> Plans => [.. TestPlans.All.Keys];

    [Theory]
    [MemberData(nameof(Plans))]
    public void RunOfAPrefix_IsThePrefixOfTheRun(string plan) => Check(plan, (stream, random) =>
    {
        var cut = random.Next(stream.Count + 1);
        var (whole, prefix) = (new Run(plan), new Run(plan));
        whole.Take(stream.Take(cut));
        var (lines, hash) = (whole.Log.Lines.ToList(), whole.Hash);
        prefix.Take(stream.Take(cut));
        whole.Take(stream.Skip(cut));
        Assert.Equal(lines, prefix.Log.Lines);
        Assert.Equal(hash, prefix.Hash);
        Assert.Equal(lines, whole.Log.Lines.Take(lines.Count));
    });

    [Theory]
    [MemberData(nameof(Plans))]
    public void SnapshotAndTheRest_AreTheWholeRun(string plan) => Check(plan, (stream, random) =>
    {
        var (whole, cut) = (new Run(plan), new Run(plan));
        foreach (var input in stream)
        {
            whole.Take([input]);
            cut.Take([input]);
            if (random.Next(20) == 0) cut.State = Restored(cut.State);
        }

        Assert.Equal(whole.Hash, cut.Hash);
        Assert.Equal(whole.Log.Lines, cut.Log.Lines);
        Assert.Equal(whole.Counts, cut.Counts);
        Assert.Equal(Seen.State(whole.State), Seen.State(cut.State));
    });

    [Theory]
    [MemberData(nameof(Plans))]
    public void Clone_GoesItsOwnWay(string plan) => Check(plan, (stream, random) =>
    {
        var run = new Run(plan);
        var cut = random.Next(stream.Count + 1);
        run.Take(stream.Take(cut));
        var hash = run.Hash;
        var clone = new Run(plan) { State = run.State.Clone() };
        Assert.Equal(hash, clone.Hash);
        clone.Take(stream.Skip(cut));
        Assert.Equal(hash, run.Hash);
        run.Take(stream.Skip(cut));
        Assert.Equal(run.Hash, clone.Hash);
    });

    [Theory]
    [MemberData(nameof(Plans))]
    public void WhatIsSentAgain_ChangesNothing(string plan) => Check(plan, (stream, random) =>
    {
        var sequenced = stream.Where(input => input.Clock is not null || input.Record.Id.IsSequenced).ToList();
        var (once, again) = (new Run(plan), new Run(plan));
        once.Take(sequenced);
        for (var sent = 0; sent < sequenced.Count;)
        {
            var next = Math.Min(sequenced.Count, sent + random.Next(1, 60));
            var back = random.Next(sent + 1);
            // A sender whose acks were lost.
            again.Take(sequenced.Take(sent).Skip(back).Where(input => input.Clock is null && !once.Spikes.Contains(input.Record)));
            again.Take(sequenced.Take(next).Skip(sent));
            sent = next;
        }

        Assert.Equal(once.Hash, again.Hash);
        Assert.Equal(once.Log.Lines, again.Log.Lines);
    });

    [Fact]
    public void SpikeThatIsSentAgain_IsJudgedByThePriceOfThen()
    {
        var run = new Run("every frame"); // 50 %
        run.Take([Input.Of(Tape.TickAt("10:00:00", 10)), Input.Of(Tape.TickAt("10:00:01", 20))]);
        Assert.Single(run.Spikes);
        run.Take([Input.Of(Tape.TickAt("10:00:02", 14)), Input.Of(Tape.TickAt("10:00:01", 20))]);
        Assert.Equal(3, run.State.Sources.Applied + run.State.Sources.Late);
    }

    [Theory]
    [MemberData(nameof(Plans))]
    public void BatchesDecidedAhead_AreTheRecordsOneByOne(string plan) => Check(plan, (stream, random) =>
    {
        var (single, batched) = (new Run(plan), new Run(plan));
        single.Take(stream);

        // While one batch is journaled the next one is decided: up to three are in progress.
        var journal = new Queue<List<Input>>();
        for (var i = 0; i < stream.Count;)
        {
            var batch = stream.Skip(i).Take(random.Next(1, 40)).ToList();
            i += batch.Count;
            journal.Enqueue([.. batch.Where(input => input.Clock is not null || batched.Decide(input.Record))]);
            while (journal.Count > random.Next(4)) batched.Apply(journal.Dequeue());
        }

        while (journal.Count > 0) batched.Apply(journal.Dequeue());
        Assert.Equal(single.Hash, batched.Hash);
        Assert.Equal(single.Log.Lines, batched.Log.Lines);
        Assert.Equal(single.Counts, batched.Counts);
    });

    [Theory]
    [MemberData(nameof(Plans))]
    public void ReplayOfTheJournal_ComesToTheSameState_AndDecidesTheSame(string plan) => Check(plan, (stream, random) =>
    {
        var cut = random.Next(stream.Count + 1);
        var (lived, replayed) = (new Run(plan), new Run(plan));
        lived.Take(stream.Take(cut));
        for (var i = 0; i < lived.Journal.Count;)
        {
            var size = random.Next(1, 40);
            replayed.Apply(lived.Journal.Skip(i).Take(size));
            i += size;
        }

        Assert.Equal(lived.Hash, replayed.Hash);
        Assert.Equal(lived.Log.Lines, replayed.Log.Lines);

        lived.Take(stream.Take(cut).Where(input => input.Record.Id.IsSequenced)); // a resend after the crash
        replayed.Take(stream.Take(cut).Where(input => input.Record.Id.IsSequenced));
        lived.Take(stream.Skip(cut));
        replayed.Take(stream.Skip(cut));
        Assert.Equal(lived.Hash, replayed.Hash);
        Assert.Equal(lived.Log.Lines, replayed.Log.Lines);
    });

    [Theory]
    [MemberData(nameof(Plans))]
    public void EverythingReceived_IsAccountedFor(string plan) => Check(plan, (stream, _) =>
    {
        var run = new Run(plan);
        foreach (var input in stream.Where(input => input.Clock is null))
        {
            run.Take([input]);
            Assert.Equal(run.Received, run.State.Sources.Applied + run.State.Sources.Late + run.Counts.Duplicate + run.Counts.Rejected);
        }

        Assert.Equal(run.Log.Late.Count, run.State.Sources.Late);
    });

    private static SymbolState Restored(SymbolState state)
    {
        var writer = new StateWriter();
        state.Write(writer);
        return SymbolState.Read(writer.Written, state.Plan);
    }

    private static void Check(string plan, Action<List<Input>, Random> holds)
    {
        var cases =
            from seed in Gen.Choose(0, 1_000_000)
            from count in Gen.Choose(1, 400)
            from step in Gen.Elements(1L, 100_000_000, Timestamp.Second, 30 * Timestamp.Second, 10 * Timestamp.Minute)
            select (Seed: seed, Count: count, Step: step);
        Prop.ForAll(cases.ToArbitrary(), c => holds(OfOneSymbol(c.Seed, c.Count, c.Step), new Random(c.Seed)))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(30));
    }

    private static List<Input> OfOneSymbol(int seed, int count, long step) =>
        [.. HostileMarkets.Stream(seed, 2 * count, step)
            .Where(input => input.Clock is not null || input.Record.Symbol.Equals(HostileMarkets.Symbols[0]))];

    /// <summary>A symbol, its journal, and the process that hosts it.</summary>
    private sealed class Run(string plan)
    {
        public SymbolState State { get; set; } = new(HostileMarkets.Symbols[0], Compiled[plan]);

        public FoldLog Log { get; } = new();

        public List<Input> Journal { get; } = [];

        /// <summary>
        /// Records rejected for their price are not remembered: sent again, they are checked again, against the price of that time.
        /// </summary>
        public HashSet<Record> Spikes { get; } = [];

        public StateHash Hash => StateHash.Of(State);

        public long Received { get; private set; }

        public (long Duplicate, long Rejected) Counts { get; private set; }

        public void Take(IEnumerable<Input> stream)
        {
            foreach (var input in stream)
            {
                if (input.Clock is null && !Decide(input.Record)) continue;
                Journal.Add(input);
                Apply([input]);
            }
        }

        public bool Decide(in Record record)
        {
            Received++;
            var (verdict, reason) = Fold.Decide(State, record);
            if (reason == RejectReason.PriceSpike) Spikes.Add(record);
            Counts = verdict switch
            {
                Verdict.Duplicate => Counts with { Duplicate = Counts.Duplicate + 1 },
                Verdict.Rejected => Counts with { Rejected = Counts.Rejected + 1 },
                _ => Counts,
            };
            return verdict == Verdict.Accepted;
        }

        public void Apply(IEnumerable<Input> accepted)
        {
            foreach (var input in accepted)
            {
                SymbolEvent happened = input.Clock is { } clock
                    ? new ClockAdvanced(State.Symbol, clock)
                    : new RecordsAccepted(State.Symbol, [input.Record]);
                Fold.Apply(State, happened, Log);
                State.Validate();
            }
        }
    }
}
