using ActorTrading.Domain.Values;
using ActorTrading.Engine;
using ActorTrading.Engine.Journal;
using ActorTrading.Engine.Recovering;
using ActorTrading.Wire.Events;

namespace ActorTrading.Host.Exporting;

/// <summary>
/// Copies accepted records from a journal in the order of their events. Folding the output gives the state of the journal, except for clock
/// advances, which are not records. Excluded records are omitted.
/// </summary>
internal sealed class JournalExport(IJournalStore store, ExportRequest request, IExportSink sink)
{
    private readonly EventDecoder decoder = new();
    private readonly HashSet<string> wanted = [.. request.Symbols.Select(PersistenceIds.Of)];
    private readonly Dictionary<string, (Symbol? Symbol, long Last)> heads = [];
    private PlanHistory plans = PlanHistory.None;
    private ExportMark mark = new(sink.Start.Position, sink.Start.PersistenceId ?? "", sink.Start.SequenceNumber);

    /// <summary>The result so far.</summary>
    public ExportReport Report { get; } = new() { Position = sink.Start.Position };

    /// <summary>Exports to the current end of the journal, or to the first damage.</summary>
    public void Run(CancellationToken cancellation)
    {
        if (heads.Count == 0) Begin();
        RecoveryException? damage = null;
        try
        {
            plans = plans.ReadOn(store);
            store.ReadAll(mark.Position, (in JournalRow row) =>
            {
                try
                {
                    Take(row);
                }
                catch (RecoveryException exception)
                {
                    damage = exception;
                    return false;
                }

                return !cancellation.IsCancellationRequested;
            });
            Report.Damage = damage?.Message;
        }
        catch (Exception exception) when (exception is JournalException or RecoveryException)
        {
            Report.Damage = exception.Message;
        }

        Report.Position = mark.Position;
    }

    /// <summary>Writes the remaining records.</summary>
    public void Rest() => sink.Rest(mark);

    /// <summary>Checks that the journal is the one that the output was started from.</summary>
    private void Begin()
    {
        if (sink.Start.PersistenceId is { } id)
        {
            var (position, number) = (sink.Start.Position, sink.Start.SequenceNumber);
            var isSame = true;
            var highest = store.HighestSequenceNumber(id);
            store.Read(id, number, number, (in JournalRow row) => isSame = row.Ordering == position);
            if (!isSame || highest < number)
                throw new CommandException(ExitCode.BadInput, $"{store.Location}: the output was started from another journal.");
        }

        sink.Begin();
    }

    private void Take(in JournalRow row)
    {
        if (!heads.TryGetValue(row.PersistenceId, out var head))
        {
            head.Symbol = wanted.Count == 0 || wanted.Contains(row.PersistenceId) ? PersistenceIds.SymbolOf(row.PersistenceId) : null;
            head.Last = row.SequenceNumber - 1;
            if (head.Symbol is not null && head.Last > 0 && sink.Start.Position == 0) Report.Beheaded++;
        }

        heads[row.PersistenceId] = head with { Last = row.SequenceNumber };
        if (head.Symbol is not null)
        {
            if (row.SequenceNumber != head.Last + 1) throw new RecoveryException(row.PersistenceId, head.Last + 1, "it is missing");
            Write(row);
        }

        mark = new(row.Ordering, row.PersistenceId, row.SequenceNumber);
        sink.EventTaken(mark);
    }

    private void Write(in JournalRow row)
    {
        if (row.SerializerId != EventManifests.SerializerId)
            throw new RecoveryException(
                row.PersistenceId, row.SequenceNumber, $"serializer {row.SerializerId} wrote it, not {EventManifests.SerializerId}");
        if (!decoder.TryDecode(row.Manifest, row.Payload, out var happened, out var error))
            throw new RecoveryException(row.PersistenceId, row.SequenceNumber, error.ToString());
        if (happened.IsClockAdvanced) Report.Clocks++;
        var exclusions = plans.Present?.For(happened.Symbol).Exclusions;
        var ordinal = 0;
        foreach (ref readonly var record in happened.Records)
        {
            ordinal++;
            if (exclusions?.Cover(row.SequenceNumber, record) == true) Report.Excluded++;
            else if (sink.TryAdd(record, row.Ordering, ordinal - 1)) Report.Records++;
            else Report.LeftOut++;
        }
    }
}
