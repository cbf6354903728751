using ActorTrading.Domain.Admission;
using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;
using ActorTrading.Engine.Recovering;

namespace ActorTrading.Engine.Symbols;

/// <summary>
/// Runs the fold of symbols for their host: the market in memory, a partition of the embedded engine, or a symbol actor of the cluster
/// engine. Judges records, folds those that are durable, and steps over a record whose folding throws. <see cref="EventReplay"/> does the
/// same for journaled events. Not thread-safe.
/// </summary>
/// <param name="before">Called before each record is folded. An exception that it throws counts as an exception of that record.</param>
internal sealed class SymbolRunner(IFoldOutput output, BeforeRecord? before = null)
{
    private readonly SymbolOutput? live = output as SymbolOutput;
    private bool isWatched;

    /// <summary>Judges the first record of a symbol. Only an accepted record creates it.</summary>
    public static Decision JudgeFirst(SymbolPlan plan, in Record record, out SymbolState? symbol) =>
        Fold.DecideFirst(plan, record, out symbol);

    /// <summary>Judges a record. An accepted one must be journaled next, and applied when it is durable.</summary>
    public static Decision Judge(SymbolState symbol, in Record record) => Fold.Decide(symbol, record);

    /// <summary>Judges the records of a batch in their order. Returns their outcomes, and the number of accepted ones.</summary>
    public static byte[] Judge(SymbolState symbol, ReadOnlySpan<Record> records, out int accepted)
    {
        var outcomes = new byte[records.Length];
        accepted = 0;
        for (var i = 0; i < records.Length; i++)
        {
            outcomes[i] = RecordOutcome.Of(Judge(symbol, records[i]));
            if (outcomes[i] == RecordOutcome.Applied) accepted++;
        }

        return outcomes;
    }

    /// <summary>The accepted records of a judged batch, in their order.</summary>
    public static ReadOnlySpan<Record> Accepted(ReadOnlySpan<Record> records, byte[] outcomes, int count)
    {
        if (count == records.Length) return records;
        var accepted = new Record[count];
        var at = 0;
        for (var i = 0; i < outcomes.Length; i++)
        {
            if (outcomes[i] == RecordOutcome.Applied) accepted[at++] = records[i];
        }

        return accepted;
    }

    /// <summary>Begins to apply records or a clock advance of a symbol.</summary>
    public void Begin(HostedSymbol symbol)
    {
        if (live is null) return;
        live.Folding = symbol;
        isWatched = live.WantsTicks(symbol.Symbol);
    }

    /// <summary>Folds a durable record. Returns whether it was applied or late.</summary>
    public byte Apply(SymbolState symbol, in Record record)
    {
        before?.Invoke(symbol, record);
        var isInTime = Fold.Apply(symbol, record, output);
        if (isWatched) live!.OnTick(record);
        return isInTime ? RecordOutcome.Applied : RecordOutcome.Late;
    }

    /// <summary>Folds a durable clock advance.</summary>
    public void Apply(SymbolState symbol, Timestamp clock) => Fold.Apply(symbol, new ClockAdvanced(symbol.Symbol, clock), output);

    /// <summary>
    /// Folds the accepted records of a batch, which are durable, and corrects the outcomes of late ones. If a record throws, it would throw
    /// again on replay: its outcome and those of the accepted records after it become <see cref="RejectReason.SymbolQuarantined"/>.
    /// </summary>
    /// <returns>The exception and the number of accepted records before that record; null: all records were folded.</returns>
    public PoisonousRecord? Apply(HostedSymbol symbol, ReadOnlySpan<Record> records, byte[] outcomes)
    {
        Begin(symbol);
        var folded = 0;
        for (var i = 0; i < outcomes.Length; i++)
        {
            if (outcomes[i] != RecordOutcome.Applied) continue;
            try
            {
                outcomes[i] = Apply(symbol.State, records[i]);
                folded++;
            }
            catch (Exception e)
            {
                outcomes.AsSpan(i).Replace(RecordOutcome.Applied, RecordOutcome.Refused(RejectReason.SymbolQuarantined));
                return new PoisonousRecord(e, folded);
            }
        }

        return null;
    }
}

/// <summary>A record whose folding throws.</summary>
/// <param name="Cause">The exception.</param>
/// <param name="Record">Number of records of its event that can be folded.</param>
internal sealed record PoisonousRecord(Exception Cause, int Record);
