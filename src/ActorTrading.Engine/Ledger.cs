using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;
using ActorTrading.Engine.Symbols;

namespace ActorTrading.Engine;

/// <summary>Counts of all input of one source, by outcome. All input that is received is counted.</summary>
public sealed class LedgerLine(Source source)
{
    /// <summary>The source that sent the input.</summary>
    public Source Source { get; } = source;

    /// <summary>Records received, including unreadable pieces of input.</summary>
    public long Received { get; internal set; }

    /// <summary>Records folded in time.</summary>
    public long Applied { get; internal set; }

    /// <summary>Records that had been accepted before.</summary>
    public long Duplicate { get; internal set; }

    /// <summary>Records folded after their bar had closed.</summary>
    public long Late { get; internal set; }

    /// <summary>Records and pieces of input that were rejected with a reason.</summary>
    public long Rejected { get; internal set; }

    /// <summary>Applied and late records with a number that was rounded to the instrument's unit, by less than one part in 1e9.</summary>
    public long Rounded { get; internal set; }

    /// <summary>Whether the line was created for a refusal and still counts refusals only.</summary>
    internal bool IsOfRejects { get; set; }

    /// <summary>Whether received = applied + duplicate + late + rejected.</summary>
    public bool IsBalanced => Received == Applied + Duplicate + Late + Rejected;
}

/// <summary>
/// Accounting of all input, per source: received = applied + duplicate + late + rejected. Kept by the owner of the fold. Not part of the
/// state hash, because a resend changes the ledger and not the state. Not thread-safe.
/// </summary>
public sealed class Ledger
{
    private const int MaxLinesOfRejects = 1_024;

    private readonly Dictionary<Source, LedgerLine> lines = [];
    private LedgerLine? last; // never a line with refusals only
    private int linesOfRejects;

    /// <summary>A line per source, ordered by name.</summary>
    public IEnumerable<LedgerLine> Lines => lines.Values.OrderBy(line => line.Source);

    /// <summary>The line of a source; created on first use.</summary>
    public LedgerLine Of(Source source)
    {
        if (last is { } recent && ReferenceEquals(recent.Source, source)) return recent;
        if (!lines.TryGetValue(source, out var line)) lines.Add(source, line = new LedgerLine(source));
        if (line.IsOfRejects)
        {
            line.IsOfRejects = false;
            linesOfRejects--;
        }

        return last = line;
    }

    /// <summary>Counts records that were not rejected, by their outcome.</summary>
    internal void Count(Source source, byte outcome, int count = 1) => Count(Of(source), outcome, count);

    /// <summary>Counts an applied or late record, and whether a number of it was rounded.</summary>
    internal void Count(in Record record, byte outcome, SymbolPlan plan)
    {
        var line = Of(record.Id.Source);
        Count(line, outcome, 1);
        if (Fold.IsRounded(plan, record)) line.Rounded++;
    }

    private static void Count(LedgerLine line, byte outcome, int count)
    {
        line.Received += count;
        switch (outcome)
        {
            case RecordOutcome.Applied: line.Applied += count; break;
            case RecordOutcome.Late: line.Late += count; break;
            case RecordOutcome.Duplicate: line.Duplicate += count; break;
            default: throw new ArgumentOutOfRangeException(nameof(outcome));
        }
    }

    /// <summary>
    /// Counts a refused piece of input. Memory is bounded: at most 1,024 sources that sent nothing but refused input have lines. Beyond
    /// that limit, the refusal is counted for <paramref name="sender"/> if it has a line, and otherwise for <see cref="Source.Anonymous"/>.
    /// </summary>
    public void AddRefused(Source source, Source? sender = null)
    {
        var line = LineOfRefused(source, sender ?? Source.Anonymous);
        line.Received++;
        line.Rejected++;
    }

    /// <summary>Counts a rejected piece of input.</summary>
    public void AddRejected(Source source)
    {
        var line = Of(source);
        line.Received++;
        line.Rejected++;
    }

    private LedgerLine LineOfRefused(Source source, Source sender)
    {
        if (lines.TryGetValue(source, out var line)) return line;
        if (linesOfRejects >= MaxLinesOfRejects) return lines.TryGetValue(sender, out line) ? line : Of(Source.Anonymous);
        linesOfRejects++;
        lines.Add(source, line = new LedgerLine(source) { IsOfRejects = true });
        return line;
    }

    /// <summary>Adds the counts of another ledger.</summary>
    public void Add(Ledger other)
    {
        foreach (var line in other.lines.Values) Add(line);
    }

    /// <summary>Adds the counts of lines.</summary>
    public void Add(IEnumerable<LedgerLine> others)
    {
        foreach (var line in others) Add(line);
    }

    /// <summary>Adds the counts of a line.</summary>
    public void Add(LedgerLine line)
    {
        var sum = Of(line.Source);
        sum.Received += line.Received;
        sum.Applied += line.Applied;
        sum.Duplicate += line.Duplicate;
        sum.Late += line.Late;
        sum.Rejected += line.Rejected;
        sum.Rounded += line.Rounded;
    }

    /// <summary>The sum over all sources, under <see cref="Source.Anonymous"/>.</summary>
    public LedgerLine Total()
    {
        var total = new LedgerLine(Source.Anonymous);
        foreach (var line in lines.Values)
        {
            total.Received += line.Received;
            total.Applied += line.Applied;
            total.Duplicate += line.Duplicate;
            total.Late += line.Late;
            total.Rejected += line.Rejected;
            total.Rounded += line.Rounded;
        }

        return total;
    }
}
