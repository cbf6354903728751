using ActorTrading.Cluster.Shards;
using ActorTrading.Domain.Values;
using Akka.Actor;

namespace ActorTrading.Cluster.Tests.Shards;

public class ShardMeterTests
{
    private static readonly Symbol Apple = Symbol.Parse("AAPL");

    private readonly ShardMeter meter = new();

    [Fact]
    public void Rate_IsThatOfTheLastFiveSeconds()
    {
        meter.Sample(0);
        Assert.Equal(0, meter.Read().Rate);
        for (var second = 1; second <= 5; second++)
        {
            meter.Folded(Apple, second, 100);
            meter.Sample(second * 1000);
            Assert.Equal(100, meter.Read().Rate);
        }

        meter.Sample(6_000);
        Assert.Equal(80, meter.Read().Rate);
        for (var second = 7; second <= 10; second++) meter.Sample(second * 1000);
        Assert.Equal((0, 500L), (meter.Read().Rate, meter.Read().Records));
    }

    [Fact]
    public void LastEvent_IsForgottenWhenTheShardGoes()
    {
        meter.Folded(Apple, 7, 1);
        Assert.Equal((Apple, 7L), (meter.Read().Last!.Symbol, meter.Read().Last!.Number));
        meter.Forget();
        Assert.Null(meter.Read().Last);
    }

    [Fact]
    public void Board_KnowsTheShardsOfWhoIsAwake()
    {
        var board = new ShardBoard(10);
        board.Of(Apple).Enter(1);
        board.Of(Apple).Enter(1);
        board.Of(Apple).Enter(-1);
        Assert.Equal(1, board.Of(board.ShardOf(Apple)).Read().Symbols);
        Assert.InRange(board.ShardOf(Apple), 0, 9);
    }

    [Fact]
    public void Shard_IsHostedFromItsFirstSymbolOn_UntilItsOwnActorStops()
    {
        var board = new ShardBoard(10);
        var (first, second) = (new EmptyActor("first"), new EmptyActor("second"));
        board.Host(Apple, first);
        board.Of(Apple).Folded(Apple, 7, 1);
        board.Unhost(board.ShardOf(Apple), second); // an earlier one, reported late
        Assert.Equal([(board.ShardOf(Apple), (IActorRef)first)], board.Hosted.Select(shard => (shard.Key, shard.Value)));
        board.Unhost(board.ShardOf(Apple), first);
        Assert.Empty(board.Hosted);
        Assert.Null(board.Of(Apple).Read().Last);
    }

    private sealed class EmptyActor(string name) : MinimalActorRef
    {
        public override ActorPath Path { get; } = new RootActorPath(Address.AllSystems) / name;

        public override IActorRefProvider Provider => throw new NotSupportedException();
    }
}
