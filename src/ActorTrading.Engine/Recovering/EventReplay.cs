using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Records;
using ActorTrading.Engine.Journal;
using ActorTrading.Engine.Symbols;
using ActorTrading.Wire.Events;

namespace ActorTrading.Engine.Recovering;

/// <summary>
/// Folds journaled events into their symbols, in order. With <paramref name="judges"/>, it also skips records that are already in the
/// state. Calls <paramref name="before"/> before each record and (with an empty record) before each clock advance. Not thread-safe.
/// </summary>
internal sealed class EventReplay(IFoldOutput output, bool judges = false, BeforeRecord? before = null) : IDisposable
{
    private EventDecoder? decoder;

    /// <summary>Records folded.</summary>
    public long Records { get; private set; }

    /// <summary>Events folded.</summary>
    public long Events { get; private set; }

    /// <summary>Records skipped because they are excluded.</summary>
    public long Excluded { get; private set; }

    /// <summary>Index, within its event, of the record that is being folded. If the fold throws, this is the record that failed.</summary>
    public int At { get; private set; }

    /// <summary>Folds one event, or its first records, unless the state already includes it.</summary>
    /// <exception cref="RecoveryException">The event is not the next one, or is damaged.</exception>
    public void Fold(HostedSymbol symbol, in JournalRow row, int upTo = int.MaxValue)
    {
        var sequenceNumber = row.SequenceNumber;
        if (sequenceNumber <= symbol.LastEvent) return;
        if (sequenceNumber != symbol.LastEvent + 1 && row.Manifest != EventManifests.SymbolDeleted) // a deletion needs no earlier events
            throw new RecoveryException(symbol.Id, symbol.LastEvent + 1, $"it is missing; the next one is {sequenceNumber}");
        if (row.SerializerId != EventManifests.SerializerId)
            throw new RecoveryException(
                symbol.Id, sequenceNumber, $"serializer {row.SerializerId} wrote it, not {EventManifests.SerializerId}");
        decoder ??= new EventDecoder();
        if (!decoder.TryDecode(row.Manifest, row.Payload, out var happened, out var error))
            throw new RecoveryException(symbol.Id, sequenceNumber, error.ToString());
        if (!happened.Symbol.Equals(symbol.Symbol))
            throw new RecoveryException(symbol.Id, sequenceNumber, $"it belongs to {happened.Symbol}");

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

    /// <summary>Releases the buffer of the last event.</summary>
    public void Dispose() => decoder?.Dispose();

    private void Fold(HostedSymbol symbol, long sequenceNumber, in Record record)
    {
        var state = symbol.State;

        // Accepted under an earlier plan. This plan has no frame that the bar could be part of, or no room for the number, and would refuse
        // it.
        if (!Domain.Folding.Fold.CanFold(state.Plan, record)) return;

        // This plan may refuse a record that another plan accepted, but every plan recognises duplicates.
        var isExcluded = state.Plan.Settings.Exclusions?.Cover(sequenceNumber, record) == true;
        if (judges
            && (isExcluded
                ? Domain.Folding.Fold.IsKnown(state, record)
                : Domain.Folding.Fold.Decide(state, record).Verdict == Verdict.Duplicate))
            throw new RecoveryException(symbol.Id, sequenceNumber, $"it holds {record.Id}, which was already applied or skipped");
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

/// <summary>Called before a record or (if the record is empty) a clock advance is folded.</summary>
internal delegate void BeforeRecord(SymbolState state, in Record record);
