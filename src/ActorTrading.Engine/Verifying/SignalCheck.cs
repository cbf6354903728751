using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Signals;
using ActorTrading.Domain.Values;
using ActorTrading.Engine.Excluding;
using ActorTrading.Engine.Journal;
using ActorTrading.Wire.Events;

namespace ActorTrading.Engine.Verifying;

/// <summary>
/// Compares the signal log with what the fold puts out: no position is missing, and of each symbol every signal of the present
/// plan is there once, in the order of its numbers, with every bit the same. For one thread.
/// </summary>
internal sealed class SignalCheck(
    IJournalStore store, (Plan Present, PlanHistory History) plans, IReadOnlyDictionary<Symbol, VerifiedSymbol> symbols,
    SignalLogCheck snapshots, Faults faults)
{
    private readonly ArrayBufferWriter<byte> bytes = new();
    private readonly List<(long Position, PlanHash Key, Signal Signal)> withdrawals = [];
    private long position;

    public long Same { get; private set; }

    public long OfOtherPlans { get; private set; }

    public long Unverified { get; private set; }

    /// <summary>Withdrawals in the log.</summary>
    public long Withdrawn => withdrawals.Count;

    /// <summary>The first 16 bytes of a SHA-256: what is kept of a payload until it can be compared.</summary>
    public static UInt128 Digest(ReadOnlySpan<byte> payload)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(payload, hash);
        return BinaryPrimitives.ReadUInt128BigEndian(hash);
    }

    /// <summary>The fold put these out.</summary>
    public void Fired(VerifiedSymbol symbol, List<Signal> signals, long ordering)
    {
        if (signals.Count == 0) return;
        var isInForce = plans.History.IsInForce(symbol.Hosted.Symbol, symbol.Hosted.State.Plan.Settings.Hash, ordering);
        foreach (var signal in signals)
        {
            bytes.ResetWrittenCount();
            SignalCodec.Encode(plans.Present.For(signal.Symbol).Hash, signal, bytes);
            symbol.Fired(signal.Number, Digest(bytes.WrittenSpan), isInForce);
        }

        signals.Clear();
    }

    /// <summary>The next row of the log, which has so many; what has been logged since is left out.</summary>
    public void Logged(in JournalRow row, long head)
    {
        if (row.SequenceNumber > head) return;
        if (row.SequenceNumber <= position)
        {
            Fault(row.SequenceNumber, $"it comes after signal {position}");
            return;
        }

        if (row.SequenceNumber != position + 1) Break(position + 1, $"it is missing; the next one there is {row.SequenceNumber}");
        position = row.SequenceNumber;
        if (row.SerializerId != EventManifests.SerializerId || row.Manifest != EventManifests.Signal)
            Break(position, $"not a signal, but '{row.Manifest}' of serializer {row.SerializerId}");
        else if (!SignalCodec.TryDecode(row.Payload, out var hash, out var signal, out var error))
            Break(position, error.ToString());
        else
            Logged(hash, signal, row.Payload);
    }

    /// <summary>The log ends; it should have had so many entries.</summary>
    public void End(long head)
    {
        if (position < head) Break(position + 1, $"it is missing, as is all up to {head}");
        snapshots.End();
        CheckWithdrawals();
    }

    private void Logged(in PlanHash hash, Signal signal, ReadOnlySpan<byte> payload)
    {
        if (signal.Action == SignalAction.Withdrawn) withdrawals.Add((position, hash, signal));
        else if (hash != plans.Present.For(signal.Symbol).Hash) OfOtherPlans++;
        else Compare(signal, Digest(payload));
        snapshots.Logged(position, signal.Symbol, hash, signal.Number);
    }

    private void Compare(Signal signal, UInt128 digest)
    {
        if (!symbols.TryGetValue(signal.Symbol, out var symbol))
        {
            Fault(position, $"{signal.Symbol} has no events");
            return;
        }

        if (signal.Number <= symbol.LastLogged)
        {
            Fault(position, $"signal {signal.Number} of {signal.Symbol} is there already: {signal.Id}");
            return;
        }

        var fired = symbol.TakeFired(signal.Number, out var passedOver, out var missing);

        // Behind a deletion the numbers begin anew, above those before it.
        var last = Math.Max(symbol.LastLogged, SymbolDeleted.LastSignalBefore(SymbolDeleted.DeletionBefore(signal.Number)));
        if (missing == 0 && signal.Number > last + passedOver + 1
            && plans.History.IsAlwaysInForce(signal.Symbol, symbol.Hosted.State.Plan.Settings.Hash))
            missing = last + 1;
        if (missing > 0)
            Fault(position, $"it is signal {signal.Number} of {signal.Symbol}, and signal {missing} is not in the log before it");
        symbol.LastLogged = signal.Number;
        if (fired == digest) Same++;
        else if (fired is not null) Fault(position, $"the events give another signal {signal.Number} of {signal.Symbol} than {signal.Id}");
        else if (symbol.IsBroken || signal.Number <= symbol.SignalsBefore) Unverified++;
        else Fault(position, $"the events before it give no signal {signal.Number} of {signal.Symbol}");
    }

    /// <summary>Each takes back a signal of the log that no earlier one did, for a change of exclusions.</summary>
    private void CheckWithdrawals()
    {
        var taken = new HashSet<long>();
        var keys = Enumerable.Range(1, plans.History.Count).Select(number => WithdrawnSignals.KeyOf(number)).ToHashSet();
        foreach (var (at, key, withdrawal) in withdrawals)
        {
            if (!keys.Contains(key)) Fault(at, "it withdraws a signal, and no change of exclusions has it do so");
            else if (!taken.Add(withdrawal.Number)) Fault(at, $"signal {withdrawal.Number} was withdrawn before");
            else if (withdrawal.Number >= at || !IsSame(withdrawal))
                Fault(at, $"it withdraws signal {withdrawal.Number}, which is another one");
        }
    }

    private bool IsSame(Signal withdrawal)
    {
        var isSame = false;
        store.Read(PersistenceIds.Administrator, withdrawal.Number, withdrawal.Number, (in JournalRow row) =>
        {
            isSame = SignalCodec.TryDecode(row.Payload, out _, out var signal, out _) && signal.Action != SignalAction.Withdrawn
                && signal.Id == withdrawal.Id;
            return false;
        });
        return isSame;
    }

    private void Break(long sequenceNumber, string fault)
    {
        Fault(sequenceNumber, fault);
        snapshots.Break();
    }

    private void Fault(long sequenceNumber, string fault) =>
        faults.Add(VerifiedPart.Signal, PersistenceIds.Administrator, sequenceNumber, fault);
}
