using System.Globalization;
using ActorTrading.Domain.Admission;
using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;
using ActorTrading.TestKit.Folding;

namespace ActorTrading.TestKit.Reference;

/// <summary>
/// A slow and simple market: the reference for every engine. It computes everything from the list of all inputs instead of updating state.
/// It shares with the engines the types, calendars, the rules of a single record, the step of each indicator and the meaning of a rule;
/// these have their own references.
/// </summary>
public sealed class NaiveMarket(Plan plan)
{
    private readonly Dictionary<Symbol, NaiveSymbol> symbols = [];
    private readonly List<(Record Record, string Fate)> received = [];

    /// <summary>All bars, signals and late records, as recorded by <see cref="FoldLog"/>.</summary>
    public List<string> Log { get; } = [];

    /// <summary>The symbols with accepted records, by name.</summary>
    public IEnumerable<Symbol> Symbols => symbols.Keys.Order();

    /// <summary>Takes a record or a clock; returns its outcome.</summary>
    public string Take(Input input)
    {
        if (input.Clock is { } clock)
        {
            foreach (var name in Symbols) symbols[name].Clock(clock);
            return "clock";
        }

        var fate = FateOf(input.Record);
        received.Add((input.Record, fate));
        return fate;
    }

    /// <summary>The lines of <see cref="Seen.State"/> of a symbol.</summary>
    public IEnumerable<string> Lines(Symbol symbol) => symbols[symbol].Lines();

    /// <summary>The ledger, one line per source, as <see cref="Ledgers.Lines"/> writes it.</summary>
    public IEnumerable<string> LedgerLines() => received
        .GroupBy(entry => entry.Record.Id.Source).OrderBy(group => group.Key)
        .Select(group => string.Create(
            CultureInfo.InvariantCulture,
            $"{group.Key}: {group.Count()} = {Count(group, "applied")} + {Count(group, "duplicate")} + {Count(group, "late")} + "
            + $"{Count(group, "rejected")}"));

    private static int Count(IEnumerable<(Record Record, string Fate)> group, string fate) =>
        group.Count(entry => entry.Fate.StartsWith(fate, StringComparison.Ordinal));

    private string FateOf(Record record)
    {
        var settings = plan.For(record.Symbol);
        if (NaiveUnits.TryConvert(record, settings.Units, out record) is { } misfit) return $"rejected {misfit.Name()}";
        var reason = TickRules.Check(record, settings.Limits);
        if (reason != RejectReason.None) return $"rejected {reason.Name()}";
        if (record.Kind == RecordKind.Bar && record.Frame != Frame.Tick && !settings.Frames.Any(frame => record.Frame.Divides(frame)))
            return "rejected frame_not_in_plan";

        var known = symbols.GetValueOrDefault(record.Symbol);
        if (known is not null && known.IsDuplicate(record)) return "duplicate";
        if (known is not null && known.IsSpike(record)) return "rejected price_spike";
        if (known is null) symbols.Add(record.Symbol, known = new NaiveSymbol(record.Symbol, settings, Log));
        return known.Accept(record) ? "applied" : "late";
    }
}
