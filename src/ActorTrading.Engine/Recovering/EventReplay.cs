using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Records;
using ActorTrading.Engine.Journal;
using ActorTrading.Engine.Symbols;
using ActorTrading.Wire.Events;

namespace ActorTrading.Engine.Recovering;

/// <summary>
/// Folds journaled events into their symbols, each in its place; one that judges also refuses a record that is there already. Tells
/// who asks before it folds a record, or (with an empty record) a clock. For one thread.
/// </summary>
internal sealed class EventReplay(IFoldOutput output, bool judges = false, BeforeRecord? before = null) : IDisposable
{
    private EventDecoder? decoder;

    /// <summary>Records folded.</summary>
    public long Records { get; private set; }

    /// <summary>Events folded.</summary>
    public long Events { get; private set; }

    /// <summary>Records passed over, since they are excluded.</summary>
    public long Excluded { get; private set; }

    /// <summary>The place, within its event, of the record that is being folded: where it threw, if it did.</summary>
    public int At { get; private set; }

    /// <summary>Folds one event, or its first records, unless the state contains it already.</summary>
    /// <exception cref="RecoveryException">It is not the next one, or damaged.</exception>
    public void Fold(HostedSymbol symbol, in JournalRow row, int upTo = int.MaxValue)
    {
        var sequenceNumber = row.SequenceNumber;
        if (sequenceNumber <= symbol.LastEvent) return;
        if (sequenceNumber != symbol.LastEvent + 1 && row.Manifest != EventManifests.SymbolDeleted) // which needs none of those before it
            throw new RecoveryException(symbol.Id, symbol.LastEvent + 1, $"it is missing; the next one there is {sequenceNumber}");
        if (row.SerializerId != EventManifests.SerializerId)
            throw new RecoveryException(
                symbol.Id, sequenceNumber, $"serializer {row.SerializerId} wrote it, not {EventManifests.SerializerId}");
        decoder ??= new EventDecoder();
        if (!decoder.TryDecode(row.Manifest, row.Payload, out var happened, out var error))
            throw new RecoveryException(symbol.Id, sequenceNumber, error.ToString());
        if (!happened.Symbol.Equals(symbol.Symbol))
            throw new RecoveryException(symbol.Id, sequenceNumber, $"it is about {happened.Symbol}");

        if (output is ISymbolOutput named) named.Folding = symbol;
        if (happened.Deleted is { } deleted)
        {
            symbol.Delete(deleted, sequenceNumber);
            Events++;
            return;
        }

        if (happened.IsClockAdvanced) before?.Invoke(symbol.State, default);
        if (happened.IsClockAdvanced) Domain.Folding.Fold.Apply(symbol.State, new ClockAdvanced(symbol.Symbol, happened.Clock), output);
        var end = Math.Min(upTo, happened.Records.Length);
        for (At = 0; At < end; At++) Fold(symbol, sequenceNumber, happened.Records[At]);
        symbol.LastEvent = symbol.LastFolded = sequenceNumber;
        Records += happened.Records.Length;
        Events++;
    }

    /// <summary>Gives the memory of what was read last back.</summary>
    public void Dispose() => decoder?.Dispose();

    private void Fold(HostedSymbol symbol, long sequenceNumber, in Record record)
    {
        var state = symbol.State;

        // Accepted under an earlier plan; this one has no frame that such a bar could be part of, or no room for such a
        // number, and would refuse it.
        if (!Domain.Folding.Fold.CanFold(state.Plan, record)) return;

        // What another plan accepted this one may refuse, but what is there already every plan knows.
        var isExcluded = state.Plan.Settings.Exclusions?.Cover(sequenceNumber, record) == true;
        if (judges
            && (isExcluded
                ? Domain.Folding.Fold.IsKnown(state, record)
                : Domain.Folding.Fold.Decide(state, record).Verdict == Verdict.Duplicate))
            throw new RecoveryException(symbol.Id, sequenceNumber, $"it brings {record.Id}, which is there already or was passed by");
        if (isExcluded)
        {
            Domain.Folding.Fold.PassOver(state, record);
            Excluded++;
            return;
        }

        before?.Invoke(state, record);
        Domain.Folding.Fold.Apply(state, record, output);
    }
}

/// <summary>A record, or (when it is empty) a clock, is about to be folded.</summary>
internal delegate void BeforeRecord(SymbolState state, in Record record);
