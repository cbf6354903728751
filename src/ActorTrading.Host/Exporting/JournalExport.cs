using ActorTrading.Domain.Values;
using ActorTrading.Engine;
using ActorTrading.Engine.Embedded;
using ActorTrading.Engine.Embedded.Recovering;
using ActorTrading.Engine.Journal;
using ActorTrading.Wire.Events;

namespace ActorTrading.Host.Exporting;

/// <summary>
/// Copies accepted records out of a journal in the order of their events, in blocks whose borders depend on the journal alone. What it
/// wrote, folded again, gives the state of the journal (but for advances of the clock, which are no records): what is excluded is left out.
/// </summary>
internal sealed class JournalExport(IJournalStore store, ExportRequest request, IExportTarget target)
{
    private readonly EventDecoder decoder = new();
    private readonly RecordLines lines = new(request.Form, request.Positions);
    private readonly HashSet<string> wanted = [.. request.Symbols.Select(PersistenceIds.Of)];
    private readonly Dictionary<string, (Symbol? Symbol, long Last)> heads = [];
    private PlanHistory plans = PlanHistory.None;
    private long written = -1;
    private ExportMark mark = new(target.Start.Position, target.Start.PersistenceId ?? "", target.Start.SequenceNumber);

    /// <summary>A block ends with the event that brings it to so many bytes.</summary>
    public int BlockBytes { get; init; } = 16 << 20;

    /// <summary>What was done so far.</summary>
    public ExportReport Report { get; } = new() { Position = target.Start.Position };

    /// <summary>Goes on to the end of the journal as it is now, or to the first damage.</summary>
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

    /// <summary>Writes what there is of a block that is not full yet.</summary>
    public void Rest()
    {
        if (mark.Position == written) return;
        if (target.Tail(lines.Written, mark)) lines.Clear();
        written = mark.Position;
    }

    /// <summary>The journal must be the one that the output was begun from.</summary>
    private void Begin()
    {
        if (target.Start.PersistenceId is { } id)
        {
            var (position, number) = (target.Start.Position, target.Start.SequenceNumber);
            var isSame = true;
            var highest = store.HighestSequenceNumber(id);
            store.Read(id, number, number, (in JournalRow row) => isSame = row.Ordering == position);
            if (!isSame || highest < number) throw new CommandException(ExitCode.BadInput, $"{store.Location}: not the journal that the output was begun from.");
        }

        target.Head(RecordLines.Header(request.Form));
    }

    private void Take(in JournalRow row)
    {
        if (!heads.TryGetValue(row.PersistenceId, out var head))
        {
            head.Symbol = wanted.Count == 0 || wanted.Contains(row.PersistenceId) ? PersistenceIds.SymbolOf(row.PersistenceId) : null;
            head.Last = row.SequenceNumber - 1;
            if (head.Symbol is not null && head.Last > 0 && target.Start.Position == 0) Report.Beheaded++;
        }

        heads[row.PersistenceId] = head with { Last = row.SequenceNumber };
        if (head.Symbol is not null)
        {
            if (row.SequenceNumber != head.Last + 1) throw new RecoveryException(row.PersistenceId, head.Last + 1, "it is missing");
            Write(row);
        }

        mark = new(row.Ordering, row.PersistenceId, row.SequenceNumber);
        if (lines.Written.Length < BlockBytes) return;
        target.Block(lines.Written, mark);
        lines.Clear();
    }

    private void Write(in JournalRow row)
    {
        if (row.SerializerId != EventManifests.SerializerId)
            throw new RecoveryException(row.PersistenceId, row.SequenceNumber, $"serializer {row.SerializerId} wrote it, not {EventManifests.SerializerId}");
        if (!decoder.TryDecode(row.Manifest, row.Payload, out var happened, out var error))
            throw new RecoveryException(row.PersistenceId, row.SequenceNumber, error.ToString());
        if (happened.IsClockAdvanced) Report.Clocks++;
        var exclusions = plans.Present?.For(happened.Symbol).Exclusions;
        foreach (ref readonly var record in happened.Records)
        {
            if (exclusions?.Cover(row.SequenceNumber, record) == true) Report.Excluded++;
            else if (lines.TryAdd(record, row.Ordering)) Report.Records++;
            else Report.LeftOut++;
        }
    }
}
