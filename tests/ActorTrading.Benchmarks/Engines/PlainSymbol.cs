using System.Buffers.Binary;
using System.Text;
using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;
using ActorTrading.Engine;
using Akka.Actor;
using Akka.Persistence;
using Akka.Serialization;

namespace ActorTrading.Benchmarks.Engines;

/// <summary>A tick that is persisted by itself.</summary>
internal sealed record PlainTick(Record Record, PlainBatch Batch);

/// <summary>Ticks that were sent together; done when all are durable and folded.</summary>
internal sealed class PlainBatch(int left)
{
    private readonly TaskCompletionSource completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int left = left;

    public Task Completion => completion.Task;

    public void Done()
    {
        if (Interlocked.Decrement(ref left) == 0) completion.SetResult();
    }
}

/// <summary>An actor that persists each tick and folds it.</summary>
internal sealed class PlainSymbol : ReceivePersistentActor
{
    private readonly Market market = new(Plan.Default, NoOutput.Instance);

    public PlainSymbol(string name)
    {
        PersistenceId = "symbol-" + name;
        Recover<PlainTick>(tick => market.OnRecord(tick.Record));
        Command<PlainTick>(tick => PersistAsync(tick, persisted =>
        {
            market.OnRecord(persisted.Record);
            persisted.Batch.Done();
        }));
    }

    public override string PersistenceId { get; }
}

/// <summary>A compact encoding of a tick: its identity, its timestamp, price and size, and its symbol.</summary>
internal sealed class PlainSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    private const int Numbers = 4 * sizeof(long);

    public override int Identifier => 7499;

    public override string Manifest(object o) => "t";

    public override byte[] ToBinary(object obj)
    {
        var record = ((PlainTick)obj).Record;
        var bytes = new byte[Numbers + record.Symbol.Name.Length];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, record.Id.Seq);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(8), record.Time.Nanoseconds);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(16), record.A);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(24), record.B);
        Encoding.ASCII.GetBytes(record.Symbol.Name, bytes.AsSpan(Numbers));
        return bytes;
    }

    public override object FromBinary(byte[] bytes, string manifest)
    {
        var id = new Identity(Source.Anonymous, 0, BinaryPrimitives.ReadInt64LittleEndian(bytes));
        var symbol = Symbol.Parse(Encoding.ASCII.GetString(bytes.AsSpan(Numbers)));
        var time = new Timestamp(BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(8)));
        var (price, size) =
            (BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(16)), BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(24)));
        return new PlainTick(Record.OfTick(symbol, id, time, price, size), new PlainBatch(1));
    }
}
