using System.Runtime.InteropServices;
using ActorTrading.Cluster.Ingest;
using ActorTrading.Cluster.Messages;
using ActorTrading.Domain.Admission;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Values;
using ActorTrading.Engine;
using ActorTrading.Engine.Symbols;
using ActorTrading.TestKit.Ingest;
using Record = ActorTrading.Domain.Records.Record;

namespace ActorTrading.Cluster.Tests.Ingest;

/// <summary>What a window sends, and when; a symbol that never answers by itself stands at the other end.</summary>
public class InFlightWindowTests
{
    private static readonly Symbol Acme = Symbol.Parse("ACME");
    private static readonly Symbol Zeta = Symbol.Parse("ZETA");
    private static readonly Timestamp Open = new(Timestamp.OfDate(2024, 7, 9).Nanoseconds + (14 * Timestamp.Hour));
    private static readonly TimeSpan Never = TimeSpan.FromDays(1);

    private readonly List<INumbered> sent = [];
    private readonly ManualTime time = new();
    private long seq;

    [Fact]
    public async Task WhatComesWhileAMessageIsUnderWay_GoesAlongInTheNext_InItsOrder()
    {
        var window = Window();
        var first = (await window.EnterAsync(new ClusterSubmission(Ticks(Acme, 2)), default)).Durable;
        var second = (await window.EnterAsync(new ClusterSubmission(Ticks(Acme, 3)), default)).Durable;
        var third = (await window.EnterAsync(new ClusterSubmission(Ticks(Acme, 1)), default)).Durable;
        Assert.Equal([1, 2], Seqs(Assert.Single(sent)));

        Answer(window, sent[0]);
        Assert.Equal(2, (await first).Applied);
        Assert.Equal([3, 4, 5, 6], Seqs(sent[1]));
        Answer(window, sent[1]);
        Assert.Equal(3, (await second).Applied);
        Assert.Equal(1, (await third).Applied);
        Assert.Equal(0, window.Held);
    }

    [Fact]
    public async Task AnAdvanceOfTheClock_KeepsItsPlaceBetweenRecords()
    {
        var window = Window();
        foreach (var count in (int[])[1, 2]) await window.EnterAsync(new ClusterSubmission(Ticks(Acme, count)), default);
        var clock = Assert.Single(window.Advance([Acme], new Timestamp(Open.Nanoseconds + Timestamp.Minute)));
        await window.EnterAsync(new ClusterSubmission(Ticks(Acme, 1)), default);

        for (var i = 0; i < sent.Count; i++) Answer(window, sent[i]);
        Assert.Equal([1], Seqs(sent[0]));
        Assert.Equal([2, 3], Seqs(sent[1]));
        Assert.IsType<AdvanceSymbol>(sent[2]);
        Assert.Equal([4], Seqs(sent[3]));
        await clock;
    }

    [Fact]
    public async Task AMessage_HasNoMoreRecordsThanItMay()
    {
        var window = Window();
        await window.EnterAsync(new ClusterSubmission(Ticks(Acme, ClusterOptions.MaxBatchRecords + 7)), default);
        Answer(window, sent[0]);
        Assert.Equal([ClusterOptions.MaxBatchRecords, 7], sent.Select(message => Seqs(message).Count));
    }

    [Fact]
    public async Task OutcomesOfOneMessage_FindTheirSubmissions()
    {
        var window = Window();
        await window.EnterAsync(new ClusterSubmission(Ticks(Acme, 1)), default);
        Record[] mixed = [.. Ticks(Acme, 1), .. Ticks(Zeta, 1), .. Ticks(Acme, 1)];
        var left = (await window.EnterAsync(new ClusterSubmission(mixed), default)).Durable;
        var right = (await window.EnterAsync(new ClusterSubmission(Ticks(Acme, 1)), default)).Durable;
        Answer(window, sent[0]);
        Answer(window, sent[1]);
        Assert.Same(Acme, sent[2].Symbol);
        window.OnDone(new BatchAck(Acme, sent[2].Sender, sent[2].Number,
            [RecordOutcome.Late, RecordOutcome.Refused(RejectReason.PriceSpike), RecordOutcome.Duplicate]));

        var result = await left;
        Assert.Equal((1, 1, 0), (result.Applied, result.Late, result.Duplicate));
        Assert.Equal((2, RejectReason.PriceSpike), (Assert.Single(result.Refused).Index, result.Refused[0].Rejection.Reason));
        Assert.Equal(1, (await right).Duplicate);
        Assert.All(window.Ledger(), line => Assert.True(line.IsBalanced));
    }

    [Fact]
    public async Task AnAnswerThatComesTwice_IsTakenOnce()
    {
        var window = Window();
        await window.EnterAsync(new ClusterSubmission(Ticks(Acme, 1)), default);
        Answer(window, sent[0]);
        Answer(window, sent[0]);
        Assert.Equal(1, Assert.Single(window.Ledger()).Applied);
        Assert.Equal(0, window.Held);
    }

    [Fact]
    public async Task WhenANodeIsGone_WhatIsUnanswered_IsSentAgainAtTheNextLook()
    {
        var window = Window();
        foreach (var symbol in (Symbol[])[Acme, Zeta]) await window.EnterAsync(new ClusterSubmission(Ticks(symbol, 1)), default);
        Answer(window, sent[0]);
        window.Resend();
        Assert.Equal(2, sent.Count); // it is not time yet

        window.OnNodeGone();
        window.Resend();
        Assert.Same(sent[1], sent[2]);
        window.Resend();
        Assert.Equal(3, sent.Count); // and then its pauses begin anew
    }

    [Fact]
    public async Task WhereAnswersComeSoon_WhatAMovingShardDropped_IsSentAgainSoon()
    {
        var window = Window(TimeSpan.FromSeconds(2));
        for (var i = 0; i < 10; i++) await AnswerAfterAsync(window, 10);
        await window.EnterAsync(new ClusterSubmission(Ticks(Acme, 1)), default);

        Pass(window, 299);
        Assert.Equal(11, sent.Count);
        Pass(window, 1);
        Assert.Same(sent[10], sent[11]);
        Pass(window, 599);
        Assert.Equal(12, sent.Count); // each pause is twice as long as the one before,
        Pass(window, 1);
        Assert.Equal(13, sent.Count);
        for (var i = 0; i < 10; i++) Pass(window, 10_000); // five times the option at most
        Assert.Equal(23, sent.Count);
    }

    [Fact]
    public async Task WhereAnswersTakeLong_NothingIsSentTwiceForThat()
    {
        var window = Window(TimeSpan.FromSeconds(2));
        await window.EnterAsync(new ClusterSubmission(Ticks(Acme, 1)), default);
        Pass(window, 1_999); // nobody knows yet how long they take
        Answer(window, sent[0]);
        for (var i = 1; i < 20; i++) await AnswerAfterAsync(window, 1_000);
        Assert.Equal(20, sent.Count);
    }

    [Fact]
    public async Task AnAnswerToWhatWasSentAgain_TellsNothingOfHowLongAnswersTake()
    {
        var window = Window(TimeSpan.FromSeconds(2));
        await AnswerAfterAsync(window, 10);
        await window.EnterAsync(new ClusterSubmission(Ticks(Acme, 1)), default);
        Pass(window, 1_500);
        Answer(window, sent[^1]);
        sent.Clear();

        await window.EnterAsync(new ClusterSubmission(Ticks(Acme, 1)), default);
        Pass(window, 300);
        Assert.Equal(2, sent.Count);
    }

    [Fact]
    public async Task ArraysOfAnsweredMessages_AreUsedAgain()
    {
        var window = Window();
        for (var i = 0; i < 3; i++) await AnswerAfterAsync(window, 10);
        Assert.Same(ArrayOf(sent[0]), ArrayOf(sent[1]));
        Assert.Same(ArrayOf(sent[1]), ArrayOf(sent[2]));
    }

    [Fact]
    public async Task AMessageThatWasSentTwice_KeepsItsRecords_HoweverLateACopyOfItArrives()
    {
        var window = Window();
        await window.EnterAsync(new ClusterSubmission(Ticks(Acme, 3)), default);
        window.OnNodeGone();
        window.Resend();
        Answer(window, sent[0]);
        for (var i = 0; i < 3; i++)
        {
            await window.EnterAsync(new ClusterSubmission(Ticks(Acme, 3)), default);
            Answer(window, sent[^1]);
        }

        Assert.Equal([1, 2, 3], Seqs(sent[1]));
    }

    [Fact]
    public async Task ARefusalInALongMessage_NamesItsPlaceInItsOwnSubmission()
    {
        var window = Window();
        await window.EnterAsync(new ClusterSubmission(Ticks(Acme, 1)), default);
        var first = (await window.EnterAsync(new ClusterSubmission((Record[])[.. Ticks(Zeta, 5), .. Ticks(Acme, 30)]), default)).Durable;
        var second = (await window.EnterAsync(new ClusterSubmission((Record[])[.. Ticks(Acme, 30), .. Ticks(Zeta, 5)]), default)).Durable;
        Answer(window, sent[0]);
        Answer(window, sent[1]);
        var outcomes = new byte[60];
        outcomes[29] = outcomes[30] = RecordOutcome.Refused(RejectReason.PriceSpike);
        Assert.Equal(60, Seqs(sent[2]).Count);
        window.OnDone(new BatchAck(Acme, sent[2].Sender, sent[2].Number, outcomes));
        Answer(window, sent[3]);

        Assert.Equal(34, Assert.Single((await first).Refused).Index);
        Assert.Equal(0, Assert.Single((await second).Refused).Index);
        Assert.Equal((34, 34), ((await first).Applied, (await second).Applied));
        Assert.All(window.Ledger(), line => Assert.True(line.IsBalanced));
        Assert.Equal(0, window.Held);
    }

    private InFlightWindow Window() => Window(Never);

    private InFlightWindow Window(TimeSpan resendAfter) =>
        new(
            Plan.Default, new ClusterOptions { Journal = "none", ResendAfter = resendAfter }, sent.Add, () => Subscriptions.Everything,
            time);

    private void Pass(InFlightWindow window, int milliseconds)
    {
        time.Advance(TimeSpan.FromMilliseconds(milliseconds));
        window.Resend();
    }

    private async Task AnswerAfterAsync(InFlightWindow window, int milliseconds)
    {
        await window.EnterAsync(new ClusterSubmission(Ticks(Acme, 1)), default);
        Pass(window, milliseconds);
        Answer(window, sent[^1]);
    }

    private Record[] Ticks(Symbol symbol, int count) =>
    [
        .. Enumerable.Range(0, count).Select(_ => Record.OfTick(
            symbol, new Domain.Records.Identity(Source.Parse("feed"), 1, ++seq),
            new Timestamp(Open.Nanoseconds + (seq * (Timestamp.Second / 1000))), 100_0000_0000, 1_0000_0000)),
    ];

    private static List<long> Seqs(INumbered message) => [.. ((SymbolBatch)message).Records.ToArray().Select(record => record.Id.Seq)];

    private static Record[] ArrayOf(INumbered message) =>
        MemoryMarshal.TryGetArray(((SymbolBatch)message).Records, out var records)
            ? records.Array!
            : throw new InvalidOperationException("no array");

    private static void Answer(InFlightWindow window, INumbered message) => window.OnDone(new BatchAck(
        message.Symbol, message.Sender, message.Number, message is SymbolBatch batch ? new byte[batch.Records.Length] : []));
}
