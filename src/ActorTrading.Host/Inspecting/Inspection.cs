using ActorTrading.Calendars;
using ActorTrading.Domain.Admission;
using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;
using ActorTrading.Wire;
using ActorTrading.Wire.Files;

namespace ActorTrading.Host.Inspecting;

/// <summary>Inspects the records of an input without folding them: its contents, and the records that would be rejected.</summary>
internal sealed class Inspection : IRecordSink
{
    private const int SymbolsKept = 100_000;
    private const int RejectsKept = 10;
    private const long LeastGap = 5 * Timestamp.Minute;

    private static readonly IReadOnlyList<TradingCalendar> Calendars = [.. VenueCalendars.Names.Select(name => VenueCalendars.Find(name)!)];

    private readonly Dictionary<Symbol, SymbolTimes> symbols = [];
    private readonly SortedDictionary<RejectReason, long> rejects = [];
    private readonly List<RejectedInput> firstRejects = [];
    private readonly long[] kinds = new long[(int)RecordKind.EconomicIndicator + 1];
    private readonly long[] inSession = new long[Calendars.Count];
    private readonly ReadPosition position;
    private int priceDecimals;
    private int sizeDecimals;
    private bool takesPrices = true;
    private bool takesSizes = true;

    public Inspection(ReadPosition position) => this.position = position;

    /// <summary>The detected formats of the inputs.</summary>
    public List<InputTaken> Taken { get; } = [];

    /// <summary>Number of readable records that break no rule.</summary>
    public long Records { get; private set; }

    /// <summary>Number of records and unreadable pieces that would be rejected.</summary>
    public long Rejected { get; private set; }

    /// <summary>Number of records that equal the previous one, except for their sequence number.</summary>
    public long Duplicates { get; private set; }

    /// <summary>Number of records with an earlier timestamp than a previous record of their symbol.</summary>
    public long OutOfOrder { get; private set; }

    /// <summary>The earliest timestamp; null without records.</summary>
    public Timestamp? First { get; private set; }

    /// <summary>The latest timestamp; null without records.</summary>
    public Timestamp? Last { get; private set; }

    /// <summary>
    /// The longest gap of a symbol and its start; null when no gap is longer than both ten usual intervals and five minutes.
    /// </summary>
    public (Symbol Symbol, Timestamp From, TimeSpan Length)? LongestGap { get; private set; }

    /// <summary>Number of gaps of symbols that are longer than both ten usual intervals and five minutes.</summary>
    public long Gaps { get; private set; }

    /// <summary>Number of symbols.</summary>
    public int SymbolCount => symbols.Count;

    /// <summary>The first ten symbols by name.</summary>
    public IReadOnlyList<string> SomeSymbols => [.. symbols.Keys.Select(symbol => symbol.Name).Order(StringComparer.Ordinal).Take(10)];

    /// <summary>The smallest number of decimals that represents all prices.</summary>
    public int PriceDecimals => priceDecimals;

    /// <summary>The smallest number of decimals that represents all quantities.</summary>
    public int SizeDecimals => sizeDecimals;

    /// <summary>The plan keys that the numbers require; empty when eight decimals are enough.</summary>
    public string NumberLines =>
        (takesPrices ? "" : $", \"price_decimals\": {priceDecimals}") + (takesSizes ? "" : $", \"size_decimals\": {sizeDecimals}");

    /// <summary>Number of rejections by reason.</summary>
    public IReadOnlyDictionary<RejectReason, long> Rejects => rejects;

    /// <summary>The first inputs that would be rejected.</summary>
    public IReadOnlyList<RejectedInput> FirstRejects => firstRejects;

    /// <summary>The record kinds, with the number of records of each.</summary>
    public IEnumerable<(RecordKind Kind, long Count)> Kinds() =>
        Enumerable.Range(1, kinds.Length - 1).Where(kind => kinds[kind] > 0).Select(kind => ((RecordKind)kind, kinds[kind]));

    /// <summary>The calendars, with the fraction of records within their sessions.</summary>
    public IEnumerable<(string Calendar, double Share)> Sessions() =>
        Calendars.Select((calendar, i) => (calendar.Name, Records == 0 ? 0 : (double)inSession[i] / Records));

    /// <inheritdoc/>
    public void OnRecord(in Record record)
    {
        var reason = TickRules.Check(record, Limits.Default);
        if (reason != RejectReason.None)
        {
            OnRejected(new RejectedInput(record.Id, position.Line, TickRules.Explain(record, reason), "") { Time = record.Time });
            return;
        }

        Records++;
        kinds[(int)record.Kind]++;
        if (First is null || record.Time < First) First = record.Time;
        if (Last is null || record.Time > Last) Last = record.Time;
        for (var i = 0; i < inSession.Length; i++)
        {
            if (Calendars[i].BucketOfBar(
                record.Kind == RecordKind.Bar && record.Frame != Frame.Tick ? record.Frame : Frame.OneMinute, record.Time).IsOpen)
                inSession[i]++;
        }

        CountDecimals(record);
        CountTimes(record);
    }

    /// <inheritdoc/>
    public void OnRejected(in RejectedInput input)
    {
        Rejected++;
        rejects[input.Rejection.Reason] = rejects.GetValueOrDefault(input.Rejection.Reason) + 1;
        if (firstRejects.Count < RejectsKept) firstRejects.Add(input with { File = position.Input });
    }

    private void CountTimes(in Record record)
    {
        if (!symbols.TryGetValue(record.Symbol, out var times))
        {
            if (symbols.Count < SymbolsKept) symbols.Add(record.Symbol, new SymbolTimes(record));
            return;
        }

        if (times.IsLike(record)) Duplicates++;
        var step = record.Time.Nanoseconds - times.Newest;
        if (step < 0) OutOfOrder++;
        if (step > LeastGap && times.IsGap(step))
        {
            Gaps++;
            var length = TimeSpan.FromTicks(step / 100);
            if (LongestGap is not { } longest || length > longest.Length) LongestGap = (record.Symbol, new Timestamp(times.Newest), length);
        }

        times.Take(record, step);
    }

    private void CountDecimals(in Record record)
    {
        Count(record, isPrice: true, ref priceDecimals, ref takesPrices);
        Count(record, isPrice: false, ref sizeDecimals, ref takesSizes);
    }

    private static void Count(in Record record, bool isPrice, ref int decimals, ref bool takesEight)
    {
        takesEight &= record.Units.IsDefault || UnitConversion.Takes(record, isPrice, Fixed8.Decimals);
        while (decimals < Units.MaxDecimals && !UnitConversion.Takes(record, isPrice, decimals)) decimals++;
    }

    /// <summary>The timestamps of one symbol: the latest, the previous record's, and the usual interval as a moving average.</summary>
    private sealed class SymbolTimes(in Record first)
    {
        private Record before = first;
        private double usualStep;
        private long steps;

        public long Newest { get; private set; } = first.Time.Nanoseconds;

        public bool IsLike(in Record record) =>
            record.Time == before.Time && record.Kind == before.Kind && record.A == before.A && record.B == before.B && record.C == before.C
            && record.D == before.D
            && record.E == before.E && record.VolumeHigh == before.VolumeHigh && record.Units == before.Units && record.Text == before.Text
            && record.Id.Seq == before.Id.Seq;

        public bool IsGap(long step) => steps >= 10 && step > 10 * usualStep;

        public void Take(in Record record, long step)
        {
            before = record;
            if (step <= 0) return;
            Newest = record.Time.Nanoseconds;
            if (steps < 10 || step <= 10 * usualStep) usualStep += (step - usualStep) / Math.Min(++steps, 100);
        }
    }
}
