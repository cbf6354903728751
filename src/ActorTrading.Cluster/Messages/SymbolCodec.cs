using System.Buffers;
using ActorTrading.Domain.Values;
using ActorTrading.Engine.Symbols;
using ActorTrading.Wire.Bytes;
using ActorTrading.Wire.Events;

namespace ActorTrading.Cluster.Messages;

/// <summary>Binary codec of messages to symbols and their answers.</summary>
internal static class SymbolCodec
{
    [ThreadStatic]
    private static EventEncoder? encoder;

    [ThreadStatic]
    private static EventDecoder? decoder;

    public static readonly MessageKind[] Kinds =
    [
        MessageKind.Of("m:batch1", WriteBatch, ReadBatch),
        MessageKind.Of("m:clock1", WriteAdvance, ReadAdvance),
        MessageKind.Of("m:done1", WriteDone, ReadDone),
        MessageKind.Of<WakeSymbol>(
            "m:wake1", (ref writer, wake) => writer.Symbol(wake.Symbol), (ref content) => new WakeSymbol(content.Symbol())),
        MessageKind.Of("m:refold1", WriteRefold, (ref content) => new RefoldSymbol(content.Symbol(), content.Number())),
        MessageKind.Of<SymbolRefolded>(
            "m:refolded1", (ref writer, refolded) => writer.Symbol(refolded.Symbol), (ref content) => new SymbolRefolded(content.Symbol())),
        MessageKind.Of(
            "m:remove1", WriteDelete, (ref content) => new DeleteSymbol(content.Symbol(), new Timestamp(content.Int64()), content.Text())),
        MessageKind.Of("m:removed1", WriteDeletion, ReadDeletion),
    ];

    private static void WriteNumbered(ref PayloadWriter writer, Symbol symbol, Guid sender, long number)
    {
        writer.Symbol(symbol);
        writer.Guid(sender);
        writer.Number(number);
    }

    private static void WriteBatch(ref PayloadWriter writer, SymbolBatch batch)
    {
        WriteNumbered(ref writer, batch.Symbol, batch.Sender, batch.Number);
        var events = new ArrayBufferWriter<byte>(64 + (16 * batch.Records.Length));
        writer.Name((encoder ??= new EventEncoder()).EncodeRecords(batch.Symbol, batch.Records.Span, events));
        writer.Sized(events.WrittenSpan);
    }

    private static SymbolBatch ReadBatch(ref ByteReader content)
    {
        var (symbol, sender, number, manifest) = (content.Symbol(), content.Guid(), content.Number(), content.Name());
        var payload = content.Sized();
        if (content.Failed) return new SymbolBatch(symbol, sender, number, default);
        if (!(decoder ??= new EventDecoder()).TryDecode(manifest, payload, out var records, out var error)) content.Fail(error.Message);
        else if (!records.Symbol.Equals(symbol)) content.Fail(Faults.BadSymbol);
        else if (records.Records.IsEmpty) content.Fail(Faults.EmptyRun);
        return new SymbolBatch(symbol, sender, number, content.Failed ? default : records.Records.ToArray());
    }

    private static void WriteAdvance(ref PayloadWriter writer, AdvanceSymbol advance)
    {
        WriteNumbered(ref writer, advance.Symbol, advance.Sender, advance.Number);
        writer.Int64(advance.To.Nanoseconds);
    }

    private static AdvanceSymbol ReadAdvance(ref ByteReader content) =>
        new(content.Symbol(), content.Guid(), content.Number(), new Timestamp(content.Int64()));

    private static void WriteDone(ref PayloadWriter writer, BatchAck done)
    {
        WriteNumbered(ref writer, done.Symbol, done.Sender, done.Number);
        WriteRuns(ref writer, done.Outcomes);
    }

    private static BatchAck ReadDone(ref ByteReader content) =>
        new(content.Symbol(), content.Guid(), content.Number(), ReadRuns(ref content));

    /// <summary>Writes outcomes, most of which repeat: their count, then runs of an outcome and a length.</summary>
    private static void WriteRuns(ref PayloadWriter writer, ReadOnlySpan<byte> outcomes)
    {
        writer.Number(outcomes.Length);
        while (!outcomes.IsEmpty)
        {
            var length = outcomes.IndexOfAnyExcept(outcomes[0]) is var end and > 0 ? end : outcomes.Length;
            writer.Byte(outcomes[0]);
            writer.Number(length);
            outcomes = outcomes[length..];
        }
    }

    private static byte[] ReadRuns(ref ByteReader content)
    {
        var count = content.Varint();
        if (count > ClusterOptions.MaxBatchRecords) content.Fail(Faults.ImpossibleCount);
        var outcomes = new byte[content.Failed ? 0 : (int)count];
        for (var at = 0; at < outcomes.Length && !content.Failed;)
        {
            var outcome = content.Byte();
            var length = content.Varint();
            if (!RecordOutcome.IsKnown(outcome)) content.Fail(Faults.OutOfRange);
            if (length == 0 || length > (ulong)(outcomes.Length - at)) content.Fail(Faults.ImpossibleCount);
            if (content.Failed) break;
            outcomes.AsSpan(at, (int)length).Fill(outcome);
            at += (int)length;
        }

        return outcomes;
    }

    private static void WriteDelete(ref PayloadWriter writer, DeleteSymbol delete)
    {
        writer.Symbol(delete.Symbol);
        writer.Int64(delete.Time.Nanoseconds);
        writer.Text(delete.By);
    }

    private static void WriteDeletion(ref PayloadWriter writer, SymbolDeletion deletion)
    {
        writer.Symbol(deletion.Symbol);
        writer.Number(deletion.Event);
        writer.Sized(deletion.Deletion);
        writer.Flag(deletion.IsPurged);
    }

    private static SymbolDeletion ReadDeletion(ref ByteReader content) =>
        new(content.Symbol(), content.Number(), content.Sized().ToArray(), content.Flag());

    private static void WriteRefold(ref PayloadWriter writer, RefoldSymbol refold)
    {
        writer.Symbol(refold.Symbol);
        writer.Number(refold.Plans);
    }
}
