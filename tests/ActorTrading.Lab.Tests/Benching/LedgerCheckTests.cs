using ActorTrading.Domain.Values;
using ActorTrading.Lab.Benching;

namespace ActorTrading.Lab.Tests.Benching;

public sealed class LedgerCheckTests
{
    private static readonly Source Feed = Source.Parse("bench-1");

    [Fact]
    public void AllThatWasSent_IsAccountedForOnce()
    {
        var check = new LedgerCheck(Feed, 10, new LedgerCounts(Received: 10, Applied: 7, Duplicate: 1, Late: 2, Rejected: 0));
        Assert.True(check.IsSound);
        Assert.Equal("bench-1: received 10 = applied 7 + duplicate 1 + late 2 + rejected 0", check.ToString());
    }

    [Fact]
    public void RecordsThatWentMissing_AreToldOf()
    {
        var check = new LedgerCheck(Feed, 1_000, new LedgerCounts(Received: 999, Applied: 999, Duplicate: 0, Late: 0, Rejected: 0));
        Assert.False(check.IsSound);
        Assert.EndsWith("BUT 1,000 WERE SENT", check.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void LedgerThatDoesNotBalance_IsToldOf()
    {
        var check = new LedgerCheck(Feed, 10, new LedgerCounts(Received: 10, Applied: 9, Duplicate: 0, Late: 0, Rejected: 0));
        Assert.False(check.IsSound);
        Assert.EndsWith("NOT BALANCED", check.ToString(), StringComparison.Ordinal);
    }
}
