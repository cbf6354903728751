using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Values;
using ActorTrading.Engine;
using ActorTrading.Wire.Bytes;
using ActorTrading.Wire.Snapshots;

namespace ActorTrading.Cluster.Messages;

/// <summary>The bytes of what nodes and symbols tell those who look into the cluster, within a message; see <see cref="MessageCodec"/>.</summary>
internal static class LookCodec
{
    private const int MaxSymbol = 1 + Symbol.MaxLength;
    private const int MaxNode = 255;

    public static void WriteHash(ref PayloadWriter writer, StateHash? hash)
    {
        writer.Room(1 + StateHash.Length);
        writer.To.Byte(hash is null ? (byte)0 : (byte)1);
        if (hash is not { } known) return;
        Span<byte> bytes = stackalloc byte[StateHash.Length];
        known.CopyTo(bytes);
        writer.To.Bytes(bytes);
    }

    public static StateHash? ReadHash(ref ByteReader content)
    {
        if (content.Byte() == 0) return null;
        var bytes = content.Bytes(StateHash.Length);
        return content.Failed ? null : StateHash.FromBytes(bytes);
    }

    public static void WriteShards(ref PayloadWriter writer, NodeShards shards)
    {
        writer.Room(1 + MaxNode + (2 * ByteWriter.MaxVarint));
        writer.To.ShortAscii(shards.Node);
        writer.To.Varint((ulong)shards.Hosted.Count);
        foreach (var shard in shards.Hosted)
        {
            writer.Room(1 + (6 * ByteWriter.MaxVarint) + sizeof(double) + MaxSymbol);
            writer.To.Varint((ulong)shard.Number);
            writer.To.Zigzag(shard.Since.Nanoseconds);
            writer.To.Varint((ulong)shard.Symbols);
            writer.To.Varint((ulong)shard.Records);
            writer.To.Int64(BitConverter.DoubleToInt64Bits(shard.Rate));
            writer.To.Byte(shard.Last is null ? (byte)0 : (byte)1);
            if (shard.Last is not { } last) continue;
            writer.To.ShortAscii(last.Symbol.Name);
            writer.To.Varint((ulong)last.Number);
            writer.To.Zigzag(last.Time.Nanoseconds);
        }

        writer.Room(ByteWriter.MaxVarint);
        writer.To.Varint((ulong)shards.Awaited.Count);
        foreach (var shard in shards.Awaited)
        {
            writer.Room(3 * ByteWriter.MaxVarint);
            writer.To.Varint((ulong)shard.Number);
            writer.To.Varint((ulong)shard.Records);
            writer.To.Varint((ulong)shard.Lag.TotalMilliseconds);
        }
    }

    public static NodeShards ReadShards(ref ByteReader content)
    {
        var node = System.Text.Encoding.ASCII.GetString(content.ShortBytes());
        var hosted = new HostedShard[content.Count(13)];
        for (var i = 0; i < hosted.Length && !content.Failed; i++)
        {
            hosted[i] = new HostedShard(
                ReadInt(ref content), new Timestamp(content.Zigzag()), ReadInt(ref content), (long)content.Varint(),
                BitConverter.Int64BitsToDouble(content.Int64()), content.Byte() == 0 ? null : ReadEvent(ref content));
        }

        var awaited = new AwaitedShard[content.Count(3)];
        for (var i = 0; i < awaited.Length && !content.Failed; i++)
            awaited[i] = new AwaitedShard(ReadInt(ref content), ReadInt(ref content), TimeSpan.FromMilliseconds(ReadInt(ref content)));
        return new NodeShards(node, hosted, awaited);
    }

    private static ShardEvent ReadEvent(ref ByteReader content)
    {
        var symbol = SnapshotCodec.SymbolOf(content.ShortBytes());
        if (symbol is null) content.Fail(Faults.BadSymbol);
        return new ShardEvent(symbol ?? Symbol.Economy, (long)content.Varint(), new Timestamp(content.Zigzag()));
    }

    private static int ReadInt(ref ByteReader content)
    {
        var number = content.Varint();
        if (number > int.MaxValue) content.Fail(Faults.OutOfRange);
        return (int)Math.Min(number, int.MaxValue);
    }
}
