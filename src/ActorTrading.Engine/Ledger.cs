using ActorTrading.Domain.Values;

namespace ActorTrading.Engine;

/// <summary>What became of everything that one source sent: nothing is received that is not accounted for.</summary>
public sealed class LedgerLine(Source source)
{
    /// <summary>Who sent it.</summary>
    public Source Source { get; } = source;

    /// <summary>Records and unreadable pieces of input that came in.</summary>
    public long Received { get; internal set; }

    /// <summary>Records folded into a state in time.</summary>
    public long Applied { get; internal set; }

    /// <summary>Records that were there already.</summary>
    public long Duplicate { get; internal set; }

    /// <summary>Records folded into a state that came after their bar had closed.</summary>
    public long Late { get; internal set; }

    /// <summary>What was refused, with a reason.</summary>
    public long Rejected { get; internal set; }

    /// <summary>
    /// Records among the applied and late ones of which a number was rounded to the instrument's unit, by less than one part in 1e9.
    /// </summary>
    public long Rounded { get; internal set; }

    /// <summary>Whether the line was made for refusals, and nothing else has come.</summary>
    internal bool IsOfRefusals { get; set; }

    /// <summary>Whether received = applied + duplicate + late + rejected.</summary>
    public bool IsBalanced => Received == Applied + Duplicate + Late + Rejected;
}

/// <summary>
/// The conservation of input, per source. Kept by whoever runs the fold and not part of the state hash, because a resend
/// changes it and not the state. Not safe for two threads.
/// </summary>
public sealed class Ledger
{
    private const int MaxLinesOfRefusals = 1_024;

    private readonly Dictionary<Source, LedgerLine> lines = [];
    private LedgerLine? last; // none of refusals
    private int linesOfRefusals;

    /// <summary>A line per source, ordered by name.</summary>
    public IEnumerable<LedgerLine> Lines => lines.Values.OrderBy(line => line.Source);

    /// <summary>The line of a source; made when it is first asked for.</summary>
    public LedgerLine Of(Source source)
    {
        if (last is { } recent && ReferenceEquals(recent.Source, source)) return recent;
        if (!lines.TryGetValue(source, out var line)) lines.Add(source, line = new LedgerLine(source));
        if (line.IsOfRefusals)
        {
            line.IsOfRefusals = false;
            linesOfRefusals--;
        }

        return last = line;
    }

    /// <summary>
    /// Counts a refused piece of input so that refusals cannot fill the memory: only the first 1,024 sources of which nothing but refusals
    /// came have lines. Beyond that it counts for <paramref name="sender"/>, if that has a line, and otherwise for
    /// <see cref="Source.Anonymous"/>.
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
        if (linesOfRefusals >= MaxLinesOfRefusals) return lines.TryGetValue(sender, out line) ? line : Of(Source.Anonymous);
        linesOfRefusals++;
        lines.Add(source, line = new LedgerLine(source) { IsOfRefusals = true });
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

    /// <summary>All sources together, under <see cref="Source.Anonymous"/>.</summary>
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
