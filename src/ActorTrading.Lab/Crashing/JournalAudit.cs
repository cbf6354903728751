using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Values;
using ActorTrading.Engine.Embedded;
using ActorTrading.Engine.Journal;
using ActorTrading.Engine.Recovering;
using ActorTrading.Engine.Verifying;
using ActorTrading.Host;
using ActorTrading.Wire.Events;

namespace ActorTrading.Lab.Crashing;

/// <summary>
/// Holds a journal against what a witness knows: record by record as it grows, and as a whole when nobody writes it any more.
/// </summary>
internal sealed class JournalAudit(string address, CrashWitness witness, Action<CrashCheck> report)
{
    private readonly EventDecoder decoder = new();
    private long position; // of the journal, up to which it was looked at

    /// <summary>Records that were found in it.</summary>
    public long Records { get; private set; }

    /// <summary>Tells the witness what came into the journal, and asks it whether anything is missing.</summary>
    public void Look()
    {
        using var store = Open();
        position = store.ReadAll(position, (in JournalRow row) =>
        {
            if (PersistenceIds.SymbolOf(row.PersistenceId) is null) return true;
            if (!decoder.TryDecode(row.Manifest, row.Payload, out var happened, out var error))
                throw new CommandException(
                    ExitCode.BadInput, new RecoveryException(row.PersistenceId, row.SequenceNumber, error.ToString()).Message);
            foreach (ref readonly var record in happened.Records) witness.Found(record);
            Records += happened.Records.Length;
            return true;
        });
        witness.Lost();
    }

    /// <summary>Says whether the journal has what was acknowledged, once and in its place, and nothing else; look before.</summary>
    public void CheckRecords()
    {
        var lost = witness.Lost();
        Check("every acknowledged record is in the journal, once and in its place", lost + witness.Misplaced == 0 && witness.Ahead == 0,
            witness.Fault
                ?? FormattableString.Invariant($"{lost:N0} lost, {witness.Misplaced:N0} misplaced, {witness.Ahead:N0} that nobody sent"));
    }

    /// <summary>Verifies the journal, recovers it once more, in this process, and compares states and the whole signal log.</summary>
    public async Task ReopenAsync(StateHash expected)
    {
        using var store = Open();
        var verified = Verification.Run(store, Plan.Default);
        Check("the journal verifies", verified.IsSound && verified.IsComplete && verified.Hash == expected,
            verified.IsSound
                ? FormattableString.Invariant(
                    $"{verified.Events:N0} events, {verified.Snapshots:N0} snapshots, {verified.Signals:N0} signals")
                : verified.Faults[0].ToString());

        await using var engine = await EmbeddedEngine.OpenAsync(Plan.Default, store);
        var hash = await engine.HashAsync();
        Check("and so is the hash after one more recovery", hash == expected, hash.ToString());

        var trails = new Dictionary<Symbol, Trail>();
        var gaps = 0L;
        var count = 0L;
        if (engine.LastSignal > 0)
        {
            await foreach (var logged in engine.SignalsAsync(0))
            {
                if (logged.Position != ++count) gaps++;
                var trail = trails.TryGetValue(logged.Signal.Symbol, out var known) ? known : new Trail();
                trail.Add($"{logged.Signal.Number} {logged.Signal.Id}");
                trails[logged.Signal.Symbol] = trail;
                if (logged.Position == engine.LastSignal) break;
            }
        }

        var different = witness.Signals.Count(pair => !trails.TryGetValue(pair.Key, out var trail) || !trail.IsSame(pair.Value));
        Check("the signal log has no gap, no repeat, and the signals of the backtest",
            gaps == 0 && different == 0 && trails.Count == witness.Signals.Count,
            FormattableString.Invariant($"{count:N0} signals, {gaps:N0} gaps, {different:N0} symbols that differ"));
    }

    private IJournalStore Open()
    {
        try
        {
            return JournalStore.OpenExisting(address);
        }
        catch (JournalException exception)
        {
            throw new CommandException(ExitCode.BadInput, exception.Message);
        }
    }

    private void Check(string name, bool holds, string detail) => report(new CrashCheck(name, holds, detail));
}
