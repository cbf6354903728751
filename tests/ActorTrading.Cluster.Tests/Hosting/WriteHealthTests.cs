using ActorTrading.Cluster.Hosting;
using ActorTrading.TestKit.Ingest;

namespace ActorTrading.Cluster.Tests.Hosting;

/// <summary>Detection of a node that cannot write to the journal.</summary>
public class WriteHealthTests
{
    private readonly ManualTime time = new();
    private readonly WriteHealth writes;

    public WriteHealthTests() => writes = new WriteHealth(TimeSpan.FromSeconds(30), time);

    [Fact]
    public void WritesThatFailForLong_AreLost_WhileTheJournalAnswers()
    {
        Assert.False(writes.IsLost(answers: true));
        writes.Failed();
        Assert.True(writes.IsFailing);
        time.Advance(TimeSpan.FromSeconds(29));
        writes.Failed();
        Assert.False(writes.IsLost(answers: true));
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(writes.IsLost(answers: true));
    }

    [Fact]
    public void OneWriteThatSucceeds_IsEnough()
    {
        writes.Failed();
        time.Advance(TimeSpan.FromSeconds(29));
        writes.Written();
        Assert.False(writes.IsFailing);
        writes.Failed();
        time.Advance(TimeSpan.FromSeconds(29));
        Assert.False(writes.IsLost(answers: true));
    }

    [Fact]
    public void WhileTheJournalIsAway_NobodyGivesUp()
    {
        writes.Failed();
        time.Advance(TimeSpan.FromMinutes(10));
        Assert.False(writes.IsLost(answers: false));
        time.Advance(TimeSpan.FromSeconds(29));
        Assert.False(writes.IsLost(answers: true)); // the journal is back, so writes will succeed
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(writes.IsLost(answers: true));
    }
}
