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
/// Compares the signal log with the output of the fold: no position is missing, and every signal of the present plan is logged exactly once
/// per symbol, in the order of its numbers, bit for bit. Not thread-safe.
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

    /// <summary>Number of withdrawals in the log.</summary>
    public long Withdrawn => withdrawals.Count;

    /// <summary>The first 16 bytes of the SHA-256 of a payload, kept until the payload can be compared.</summary>
    public static UInt128 Digest(ReadOnlySpan<byte> payload)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(payload, hash);
        return BinaryPrimitives.ReadUInt128BigEndian(hash);
    }

    /// <summary>Adds signals that the fold gave.</summary>
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

    /// <summary>Checks the next row of the log. Rows beyond <paramref name="head"/>, logged during the verification, are ignored.</summary>
    public void Logged(in JournalRow row, long head)
    {
        if (row.SequenceNumber > head) return;
        if (row.SequenceNumber <= position)
        {
            Fault(row.SequenceNumber, $"it comes after signal {position}");
            return;
        }

        if (row.SequenceNumber != position + 1) Break(position + 1, $"it is missing; the next one is {row.SequenceNumber}");
        position = row.SequenceNumber;
        if (row.SerializerId != EventManifests.SerializerId || row.Manifest != EventManifests.Signal)
            Break(position, $"not a signal, but '{row.Manifest}' of serializer {row.SerializerId}");
        else if (!SignalCodec.TryDecode(row.Payload, out var hash, out var signal, out var error))
            Break(position, error.ToString());
        else
            Logged(hash, signal, row.Payload);
    }

    /// <summary>Checks the end of the log: it must have had <paramref name="head"/> entries.</summary>
    public void End(long head)
    {
        if (position < head) Break(position + 1, $"it and all up to {head} are missing");
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
            Fault(position, $"signal {signal.Number} of {signal.Symbol} already exists: {signal.Id}");
            return;
        }

        var fired = symbol.TakeFired(signal.Number, out var passedOver, out var missing);

        // After a deletion the numbers start again, above those before it.
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
        else Fault(position, $"the events before it produce no signal {signal.Number} of {signal.Symbol}");
    }

    /// <summary>Checks that each withdrawal takes back a logged signal that no earlier one took back, for a change of exclusions.</summary>
    private void CheckWithdrawals()
    {
        var taken = new HashSet<long>();
        var keys = Enumerable.Range(1, plans.History.Count).Select(number => WithdrawnSignals.KeyOf(number)).ToHashSet();
        foreach (var (at, key, withdrawal) in withdrawals)
        {
            if (!keys.Contains(key)) Fault(at, "it withdraws a signal, but no change of exclusions causes this");
            else if (!taken.Add(withdrawal.Number)) Fault(at, $"signal {withdrawal.Number} was withdrawn before");
            else if (withdrawal.Number >= at || !IsSame(withdrawal))
                Fault(at, $"it withdraws signal {withdrawal.Number}, which is a different signal");
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
