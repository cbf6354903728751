using System.Buffers;
using System.Diagnostics;
using ActorTrading.Cluster.Messages;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;
using ActorTrading.Engine.Symbols;
using ActorTrading.Wire.Events;
using Akka.Actor;
using Akka.Persistence;

namespace ActorTrading.Cluster.Symbols;

/// <summary>
/// Persistent actor of one symbol, a sharded entity: decide, persist, apply, reply, publish. <see cref="SymbolRunner"/> judges and folds
/// the records. This file is the way of a tick; <c>SymbolActor.Wiring.cs</c> has the messages and the recovery, and
/// <c>SymbolActor.Behaviors.cs</c> what a symbol does beside: snapshots, reading a lost state again, deletion, another plan, stopping.
/// </summary>
internal sealed partial class SymbolActor : PersistentActor, IWithTimers
{
    [ThreadStatic]
    private static ArrayBufferWriter<byte>? scratch;

    private readonly HostedSymbol symbol;
    private readonly SymbolRunner runner;
    private readonly SymbolOutput output;
    private readonly SignalDelivery signals;
    private readonly EventEncoder encoder = new();
    private readonly RecentAnswers answers = new();
    private readonly WriteBarrier writes = new();

    /// <summary>Decides on the records of a batch, and persists the accepted ones.</summary>
    private void Take(SymbolBatch batch)
    {
        if (!TryBegin(batch)) return;
        var sender = Sender;
        var records = batch.Records.Span;
        var accepted = 0;
        var outcomes = quarantine.IsOn ? SymbolQuarantine.Reject(records.Length) : SymbolRunner.Judge(symbol.State, records, out accepted);
        var answer = new BatchAck(batch.Symbol, batch.Sender, batch.Number, outcomes);
        if (accepted == 0)
        {
            writes.Run(() => Answer(sender, answer)); // the originals of duplicates become durable first
            return;
        }

        var bytes = Scratch;
        var manifest = encoder.EncodeRecords(symbol.Symbol, SymbolRunner.Accepted(records, outcomes, accepted), bytes);
        Persist(manifest, bytes, () => Apply(batch.Records.Span, outcomes), sender, answer);
    }

    /// <summary>Persists an event, then applies it, replies, and publishes its signals.</summary>
    private void Persist(string manifest, ArrayBufferWriter<byte> bytes, Action apply, IActorRef sender, BatchAck answer)
    {
        writes.Begin();
        var began = Stopwatch.GetTimestamp();
        var payload = bytes.WrittenSpan.ToArray();
        PersistAsync(new JournaledBytes(manifest, payload), _ =>
        {
            host.Writes.Written();
            host.Options.Meter?.Committed(Stopwatch.GetElapsedTime(began), 1, 0, payload.Length);
            apply();
            if (!quarantine.IsOn) symbol.LastEvent = symbol.LastFolded = LastSequenceNr;
            Answer(sender, answer);
            host.Folded(symbol.Symbol, LastSequenceNr, answer.Outcomes.Length);
            signals.Deliver(output.Signals);
            snapshots.Folded();
            TakeSnapshotIfOwed();
            writes.End();
            RestoreIfLost();
            StopWhenDone();
            DeleteWhenDone();
        });
    }

    private void Apply(ReadOnlySpan<Record> records, byte[] outcomes)
    {
        if (quarantine.IsOn) SymbolQuarantine.Reject(outcomes);
        else if (runner.Apply(symbol, records, outcomes) is { } poison) quarantine.Begin(poison.Cause, LastSequenceNr, poison.Record);
    }

    private void Apply(Timestamp clock)
    {
        if (!quarantine.IsOn) runner.Apply(symbol.State, clock);
    }

    private void Answer(IActorRef sender, BatchAck done)
    {
        answers.End(done);
        sender.Tell(done);
    }

    /// <summary>Persists an advance of the clock.</summary>
    private void Advance(AdvanceSymbol clock)
    {
        if (!TryBegin(clock)) return;
        var sender = Sender;
        var answer = new BatchAck(clock.Symbol, clock.Sender, clock.Number, []);
        if (quarantine.IsOn || !symbol.TakesClock)
        {
            writes.Run(() => Answer(sender, answer));
            return;
        }

        var bytes = Scratch;
        var manifest = encoder.EncodeClock(symbol.Symbol, clock.To, bytes);
        Persist(manifest, bytes, () => Apply(clock.To), sender, answer);
    }

    /// <summary>Returns false if the message is answered already, or belongs to the next place of the symbol.</summary>
    private bool TryBegin(INumbered message)
    {
        if (isStopping)
        {
            host.Region().Forward(message); // the region buffers it until it knows the new location of the symbol
            return false;
        }

        if (answers.TryBegin(message, out var known)) return true;
        if (known is not null) Sender.Tell(known);
        return false;
    }

    /// <summary>A cleared buffer of this thread, to be used at once.</summary>
    internal static ArrayBufferWriter<byte> Scratch
    {
        get
        {
            (scratch ??= new ArrayBufferWriter<byte>()).ResetWrittenCount();
            return scratch;
        }
    }
}
