using ActorTrading.Domain.Values;
using ActorTrading.Engine;
using ActorTrading.Wire.Bytes;

namespace ActorTrading.Cluster.Messages;

/// <summary>Binary codec of shard reports.</summary>
internal static class ShardCodec
{
    private const int LeastHosted = 13;
    private const int LeastAwaited = 3;

    public static readonly MessageKind[] Kinds =
    [
        MessageKind.Of<GetShards>("m:shards?1", (ref _, _) => { }, (ref _) => GetShards.Instance),
        MessageKind.Of("m:shards1", WriteShards, ReadShards),
    ];

    private static void WriteShards(ref PayloadWriter writer, NodeShards shards)
    {
        writer.Name(shards.Node);
        writer.Number(shards.Hosted.Count);
        foreach (var shard in shards.Hosted)
        {
            writer.Number(shard.Number);
            writer.Signed(shard.Since.Nanoseconds);
            writer.Number(shard.Symbols);
            writer.Number(shard.Records);
            writer.Double(shard.Rate);
            writer.Flag(shard.Last is not null);
            if (shard.Last is not { } last) continue;
            writer.Symbol(last.Symbol);
            writer.Number(last.Number);
            writer.Signed(last.Time.Nanoseconds);
        }

        writer.Number(shards.Awaited.Count);
        foreach (var shard in shards.Awaited)
        {
            writer.Number(shard.Number);
            writer.Number(shard.Records);
            writer.Number((long)shard.Lag.TotalMilliseconds);
        }
    }

    private static NodeShards ReadShards(ref ByteReader content)
    {
        var node = content.Name();
        var hosted = new HostedShard[content.Count(LeastHosted)];
        for (var i = 0; i < hosted.Length && !content.Failed; i++)
        {
            hosted[i] = new HostedShard(
                ReadInt(ref content), new Timestamp(content.Zigzag()), ReadInt(ref content), content.Number(), content.Double(),
                content.Flag() ? ReadEvent(ref content) : null);
        }

        var awaited = new AwaitedShard[content.Count(LeastAwaited)];
        for (var i = 0; i < awaited.Length && !content.Failed; i++)
            awaited[i] = new AwaitedShard(ReadInt(ref content), ReadInt(ref content), TimeSpan.FromMilliseconds(ReadInt(ref content)));
        return new NodeShards(node, hosted, awaited);
    }

    private static ShardEvent ReadEvent(ref ByteReader content) => new(content.Symbol(), content.Number(), new Timestamp(content.Zigzag()));

    private static int ReadInt(ref ByteReader content)
    {
        var number = content.Varint();
        if (number > int.MaxValue) content.Fail(Faults.OutOfRange);
        return (int)Math.Min(number, int.MaxValue);
    }
}
