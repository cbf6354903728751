using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Plans;
using ActorTrading.Engine.Symbols;
using ActorTrading.Wire.Events;
using ActorTrading.Wire.Snapshots;

namespace ActorTrading.Engine.History;

/// <summary>Reads snapshots of symbols.</summary>
internal static class SymbolSnapshot
{
    /// <summary>
    /// Restores a symbol from a snapshot. False if the snapshot is damaged, or belongs to another plan or symbol; the symbol is then
    /// unchanged.
    /// </summary>
    /// <param name="sequenceNumber">The event that the snapshot covers, according to its row.</param>
    /// <param name="reason">Why the snapshot is not used.</param>
    public static bool TryRestore(HostedSymbol hosted, long sequenceNumber, string manifest, ReadOnlySpan<byte> payload, out string reason)
    {
        var plan = hosted.State.Plan;
        reason = "";
        if (manifest == EventManifests.SymbolDeleted) return TryDelete(hosted, sequenceNumber, payload, out reason);
        if (manifest != EventManifests.Snapshot) reason = $"not a snapshot of a symbol, but '{manifest}'";
        else if (!SnapshotCodec.TryDecode(payload, out var snapshot, out var error)) reason = error.ToString();
        else if (PlanHash.FromBytes(snapshot.PlanHash) != plan.Settings.Hash)
            reason = $"taken under plan {PlanHash.FromBytes(snapshot.PlanHash).Short}, not {plan.Settings.Hash.Short}";
        else if (!snapshot.Symbol.Equals(hosted.Symbol) || snapshot.SequenceNr != sequenceNumber)
            reason = $"its header names {snapshot.Symbol} up to event {snapshot.SequenceNr}";
        else if (Read(snapshot.Body, plan, out reason) is { } state)
        {
            if (state.Symbol.Equals(hosted.Symbol))
            {
                hosted.State = state;
                hosted.LastEvent = hosted.LastFolded = sequenceNumber;
                return true;
            }

            reason = $"its state belongs to {state.Symbol}";
        }

        return false;
    }

    /// <summary>Restores a symbol from a snapshot taken at its deletion; such a snapshot is valid for every plan.</summary>
    public static bool TryDelete(HostedSymbol hosted, long sequenceNumber, ReadOnlySpan<byte> payload, out string reason)
    {
        reason = "";
        if (!DeletionCodec.TryDecode(payload, out var deleted, out var error)) reason = error.ToString();
        else if (!deleted.Symbol.Equals(hosted.Symbol)) reason = $"it says that {deleted.Symbol} was deleted";
        else hosted.Delete(deleted, sequenceNumber);
        return reason.Length == 0;
    }

    private static SymbolState? Read(ReadOnlySpan<byte> body, SymbolPlan plan, out string reason)
    {
        try
        {
            reason = "";
            return SymbolState.Read(body, plan);
        }
        catch (StateFormatException e)
        {
            reason = e.Message;
            return null;
        }
    }
}
