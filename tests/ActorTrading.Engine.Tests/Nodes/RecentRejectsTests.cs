using ActorTrading.Domain.Admission;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;
using ActorTrading.Engine.Ingest;
using ActorTrading.Engine.Ingest.Accounting;
using ActorTrading.Engine.Nodes;
using ActorTrading.Wire;

namespace ActorTrading.Engine.Tests.Nodes;

public class RecentRejectsTests
{
    private readonly RecentRejects recent = new();

    [Fact]
    public void TheLastOnes_AreKept_NewestFirst()
    {
        for (var i = 0; i < 30; i++) recent.Add([.. Enumerable.Range(0, 50).Select(_ => Of("feed"))]);
        var kept = recent.Read(new RejectFilter(5_000));
        Assert.Equal(Enumerable.Range(501, 1_000).Reverse(), kept.Select(one => (int)one.Number));
        Assert.Equal([1_500, 1_499], recent.Read(new RejectFilter(2)).Select(one => (int)one.Number));
    }

    [Fact]
    public void BatchOfMoreThanAreKept_LeavesItsLast()
    {
        recent.Add([.. Enumerable.Range(0, 2_500).Select(i => Of($"feed-{i}"))]);
        var kept = recent.Read(new RejectFilter(5_000));
        Assert.Equal((1_000, 2_500L, "feed-2499"), (kept.Count, kept[0].Number, kept[0].Reject.Input.Source.Name));
    }

    [Fact]
    public void Filter_IsOfReasonAndSource()
    {
        recent.Add([Of("a"), Of("b"), Of("a", RejectReason.TimeAhead)]);
        Assert.Equal([3, 1], recent.Read(new RejectFilter(9, null, Source.Parse("a"))).Select(one => (int)one.Number));
        Assert.Equal([2, 1], recent.Read(new RejectFilter(9, RejectReason.PriceNotPositive)).Select(one => (int)one.Number));
        Assert.Equal([3], recent.Read(new RejectFilter(9, RejectReason.TimeAhead, Source.Parse("a"))).Select(one => (int)one.Number));
        Assert.Empty(recent.Read(new RejectFilter(9, RejectReason.TimeAhead, Source.Parse("b"))));
    }

    private static Reject Of(string source, RejectReason reason = RejectReason.PriceNotPositive) => new(
        DateTimeOffset.UnixEpoch, new Sender("tcp", "", Source.Parse(source)), null,
        new RejectedInput(new Identity(Source.Parse(source), 0, 1), 0, new Rejection(reason, "price", "0"), "{}"));
}
