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

/// <summary>Compares a journal with a witness: record by record while it grows, and as a whole when it is no longer written.</summary>
internal sealed class JournalAudit(string address, CrashWitness witness, Action<CrashCheck> report)
{
    private readonly EventDecoder decoder = new();
    private long position; // the journal was checked up to this position

    /// <summary>Number of records found in the journal.</summary>
    public long Records { get; private set; }

    /// <summary>Passes the new journal records to the witness, and checks that none is missing.</summary>
    public void Update()
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

    /// <summary>
    /// Reports whether the journal contains exactly the acknowledged records, once each and in their positions. Call <see cref="Update"/>
    /// first.
    /// </summary>
    public void CheckRecords()
    {
        var lost = witness.Lost();
        Check("every acknowledged record is in the journal, once and in its place", lost + witness.Misplaced == 0 && witness.Ahead == 0,
            witness.Fault
                ?? FormattableString.Invariant($"{lost:N0} lost, {witness.Misplaced:N0} misplaced, {witness.Ahead:N0} that nobody sent"));
    }

    /// <summary>Verifies the journal, recovers it again in this process, and compares the states and the whole signal log.</summary>
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
