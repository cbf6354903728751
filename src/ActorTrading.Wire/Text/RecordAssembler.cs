using System.Text;
using ActorTrading.Domain.Admission;
using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;

namespace ActorTrading.Wire.Text;

/// <summary>
/// Converts the fields of a JSON object or a CSV row to a record, or reports the field in error. The single place that defines the required
/// fields of each kind, how the kind is inferred from the fields, and how bars stamped at their end are moved. One per parser; not
/// thread-safe.
/// Long because it has a method for each kind of record and each kind of value.
/// </summary>
internal sealed class RecordAssembler(ParserOptions options, StampReader stamps)
{
    private static readonly ulong BarFields = FieldSet.Mask(Field.Open, Field.High, Field.Low, Field.Close);
    private static readonly ulong RangeFields = FieldSet.Mask(Field.Open, Field.High, Field.Low);
    private static readonly ulong PriceFields = FieldSet.Mask(Field.Price, Field.Last);
    private static readonly ulong QuoteFields = FieldSet.Mask(Field.Bid, Field.Ask);
    private static readonly ulong SizeFields = FieldSet.Mask(Field.Volume, Field.Amount);
    private static readonly ulong NewsFields = FieldSet.Mask(Field.Score, Field.Magnitude);
    private static readonly ulong MarketFields = FieldSet.Mask(Field.MarketCap, Field.PeRatio);
    private static readonly ulong EconomyFields = FieldSet.Mask(Field.Indicator, Field.Value);

    /// <summary>Advice for an incomplete bar.</summary>
    public const string StillOpen = "The bar is not complete yet; send it when it is complete.";
    private const string TooLarge = "No number of decimals can represent it: the maximum with 0 decimals is 9223372036854775807.";

    private readonly TextTable texts = new();
    private readonly UnitFinder numbers = new();
    private RejectReason reason;
    private Field fault;

    /// <summary>The reason of the last failure.</summary>
    public RejectReason Reason => reason;

    /// <summary>The field in error.</summary>
    public Field Fault => fault;

    /// <summary>The identity of the last record, as far as it could be read.</summary>
    public Identity Id { get; private set; }

    /// <summary>The default time of records; null if they must have a time.</summary>
    public Timestamp? DefaultTime { get; set; }

    /// <summary>Infers the kind from the fields; false if they match no kind.</summary>
    public static bool TryInferKind(in FieldSet fields, out RecordKind kind)
    {
        kind = fields switch
        {
            _ when fields.HasAll(BarFields) => RecordKind.Bar,
            _ when fields.HasAll(RangeFields) && fields.HasAny(PriceFields) && !fields.HasAny(QuoteFields) => RecordKind.Bar,
            _ when fields.Has(Field.Price) =>
                fields.Has(Field.Side) && !fields.Has(Field.Trade) ? RecordKind.BookUpdate
                    : fields.Has(Field.Condition) ? RecordKind.Print
                    : RecordKind.Tick,
            _ when fields.HasAny(QuoteFields) => RecordKind.Quote,
            _ when fields.HasAny(BarFields) => RecordKind.Bar,
            _ when fields.Has(Field.Last) => fields.Has(Field.Condition) ? RecordKind.Print : RecordKind.Tick,
            _ when fields.HasAny(NewsFields) => RecordKind.NewsSentiment,
            _ when fields.HasAny(MarketFields) => RecordKind.MarketData,
            _ when fields.HasAny(EconomyFields) => RecordKind.EconomicIndicator,
            _ => 0,
        };
        return kind != 0;
    }

    /// <summary>The first missing required field of the kind, or <see cref="Field.None"/>. Symbol and time are not checked.</summary>
    public static Field MissingField(RecordKind kind, in FieldSet fields)
    {
        ReadOnlySpan<Field> needed = kind switch
        {
            RecordKind.Tick or RecordKind.Print => [Field.Price],
            RecordKind.BookUpdate => [Field.Side, Field.Price, Field.Size],
            RecordKind.Quote => fields.HasAny(QuoteFields) ? [] : [Field.Bid],
            RecordKind.Bar => [Field.Open, Field.High, Field.Low, Field.Close],
            RecordKind.NewsSentiment => [Field.Score],
            RecordKind.EconomicIndicator => [Field.Indicator, Field.Value],
            _ => [],
        };
        foreach (var field in needed)
        {
            if (fields.Has(field)) continue;
            if (field == Field.Price && fields.Has(Field.Last)) continue;
            if (field == Field.Size && fields.HasAny(SizeFields)) continue;
            if (field == Field.Close && fields.HasAny(PriceFields)) continue;
            return field;
        }

        return kind == RecordKind.MarketData && !fields.HasAny(MarketFields) ? Field.MarketCap : Field.None;
    }

    /// <summary>
    /// Creates the record; the kind is given or inferred from the fields. If it returns false, <see cref="Reason"/>, <see cref="Fault"/>
    /// and <see cref="Id"/> are set.
    /// </summary>
    public bool TryAssemble(
        in FieldSet fields, ReadOnlySpan<byte> line, ReadOnlySpan<byte> scratch, out Record record, RecordKind? known = null)
    {
        record = default;
        reason = RejectReason.None;
        fault = Field.None;
        var view = new View(fields, line, scratch);

        // The complete identity first, so that a rejection can be counted for its sender.
        var isIdentified = TryReadIdentity(view, out var id);
        Id = id;
        if (!isIdentified || !TryReadKind(view, known, out var kind)) return false;
        if (kind == RecordKind.EconomicIndicator)
            return TryReadTime(view, out var published) && TryReadEconomy(view, id, published, out record);
        if (!TryReadSymbol(view, out var symbol) || !TryReadStamp(view, out var stamp)) return false;
        numbers.Begin();
        var isRead = TryReadNumbers(view, kind, symbol, id, stamp, out record);
        return numbers.IsDefault || !isRead ? isRead : TryReadInOwnUnits(view, kind, symbol, id, stamp, out record);
    }

    /// <summary>
    /// Reads a record with numbers that do not all fit eight decimals, in units of its own. The fold converts them to the instrument's
    /// units.
    /// </summary>
    private bool TryReadInOwnUnits(in View view, RecordKind kind, Symbol symbol, in Identity id, in Stamp stamp, out Record record)
    {
        numbers.BeginMeasuring();
        if (!TryReadNumbers(view, kind, symbol, id, stamp, out record)) return false;
        numbers.BeginFitting();
        if (!TryReadNumbers(view, kind, symbol, id, stamp, out record)) return false;
        record = record.In(numbers.Units);
        return true;
    }

    private bool TryReadNumbers(in View view, RecordKind kind, Symbol symbol, in Identity id, in Stamp stamp, out Record record)
    {
        var time = new Timestamp(stamp.Nanoseconds);
        return kind switch
        {
            RecordKind.Tick or RecordKind.Print => TryReadTrade(view, kind, symbol, id, time, out record),
            RecordKind.Quote => TryReadQuote(view, symbol, id, time, out record),
            RecordKind.BookUpdate => TryReadBook(view, symbol, id, time, out record),
            RecordKind.Bar => TryReadBar(view, symbol, id, stamp, out record),
            RecordKind.NewsSentiment => TryReadNews(view, symbol, id, time, out record),
            _ => TryReadMarketData(view, symbol, id, time, out record),
        };
    }

    /// <summary>The rejection for the last failure of <see cref="TryAssemble"/>, with the whole line and the part that failed.</summary>
    public RejectedInput Reject(
        in FieldSet fields, ReadOnlySpan<byte> line, ReadOnlySpan<byte> scratch, ReadOnlySpan<byte> own, long lineNumber)
    {
        var value = fields.Has(fault) ? Encoding.UTF8.GetString(fields.TextOf(fault, line, scratch)) : "";
        var hint = IsTime(fault) ? stamps.Hint : reason == RejectReason.OutOfRange ? TooLarge : fault == Field.Final ? StillOpen : null;
        var rejection = new Rejection(reason, FieldNames.Canonical(fault), value) { Hint = hint };
        return new RejectedInput(Id, lineNumber, rejection, Excerpt.Of(own));
    }

    private static bool IsTime(Field field) => field is Field.Time or Field.Date or Field.Clock;

    private bool TryReadIdentity(in View view, out Identity id)
    {
        var source = options.DefaultSource;
        var epoch = options.DefaultEpoch;
        var seq = Identity.None;
        if (view.Has(Field.Source))
        {
            if (view.IsText(Field.Source) && options.Sources.TryGet(view[Field.Source], out var named)) source = named;
            else Fail(RejectReason.BadSource, Field.Source);
        }

        if (view.Has(Field.Epoch) && (view.IsOther(Field.Epoch) || !DecimalText.TryParseWholeValue(view[Field.Epoch], out epoch)))
        {
            epoch = 0;
            Fail(RejectReason.BadSequence, Field.Epoch);
        }

        if (view.Has(Field.Seq) && (view.IsOther(Field.Seq) || !DecimalText.TryParseWholeValue(view[Field.Seq], out seq)))
        {
            seq = Identity.None;
            Fail(RejectReason.BadSequence, Field.Seq);
        }

        id = new Identity(source, epoch, seq);
        return reason == RejectReason.None;
    }

    private bool TryReadKind(in View view, RecordKind? known, out RecordKind kind)
    {
        kind = known ?? 0;
        if (known is not null) return true;
        if (view.Has(Field.Kind))
        {
            return KindNames.TryParse(view[Field.Kind], out kind) || Fail(RejectReason.UnknownKind, Field.Kind);
        }

        if (view.Has(Field.Service))
        {
            return KindNames.TryParseService(view[Field.Service], out kind) || Fail(RejectReason.UnknownKind, Field.Service);
        }

        if (view.Has(Field.Type) && view.Has(Field.Price) && !view.IsOther(Field.Type) && KindNames.IsOrderMessage(view[Field.Type]))
            return Fail(RejectReason.UnknownKind, Field.Type);
        if (!TryInferKind(view.Fields, out kind)) return Fail(RejectReason.MissingField, Field.Price);

        // bid and ask are sides of the book; buy and sell are sides of trades.
        if (kind == RecordKind.BookUpdate && !view.IsOther(Field.Side) && KindNames.IsTaker(view[Field.Side]))
            kind = view.Has(Field.Condition) ? RecordKind.Print : RecordKind.Tick;
        return true;
    }

    private bool TryReadSymbol(in View view, out Symbol symbol)
    {
        var field = view.Has(Field.Symbol) || !view.Has(Field.Isin) ? Field.Symbol : Field.Isin;
        if (!view.Has(field))
        {
            symbol = options.DefaultSymbol!;
            return symbol is not null || Fail(RejectReason.MissingField, Field.Symbol);
        }

        symbol = null!;
        return (view.IsText(field) && options.Symbols.TryGet(view[field], out symbol!)) || Fail(RejectReason.BadSymbol, field);
    }

    /// <summary>Reads the time from one field, or from a date and a time of day in two fields.</summary>
    private bool TryReadStamp(in View view, out Stamp stamp)
    {
        stamp = default;
        stamps.Begin();
        var field = view.Has(Field.Time) ? Field.Time : view.Has(Field.Clock) ? Field.Clock : Field.Date;
        if (!view.Has(field))
        {
            stamp = new Stamp(DefaultTime.GetValueOrDefault().Nanoseconds);
            return DefaultTime is not null || Fail(RejectReason.MissingField, Field.Time);
        }

        if (view.IsOther(field)) return Fail(RejectReason.BadTime, field);
        var isJoined = field == Field.Clock && view.Has(Field.Date) && !view.IsOther(Field.Date) && SpelledTime.IsClock(view[field]);
        var verdict = isJoined
            ? stamps.Join(view[Field.Date], view[field], out stamp)
            : view.Has(Field.Zone) && view.IsText(Field.Zone) && view.IsText(field)
                ? stamps.ReadIn(view[Field.Zone], view[field], out stamp)
                : stamps.Read(view[field], view.IsText(field), out stamp);
        return verdict == RejectReason.None || Fail(verdict, field);
    }

    private bool TryReadTime(in View view, out Timestamp time)
    {
        var isRead = TryReadStamp(view, out var stamp);
        time = new Timestamp(stamp.Nanoseconds);
        return isRead;
    }

    private bool TryReadTrade(in View view, RecordKind kind, Symbol symbol, in Identity id, Timestamp time, out Record record)
    {
        record = default;
        if (!TryReadPrice(view, out var price) || !TryReadSize(view, out var size)) return false;
        if (kind == RecordKind.Tick)
        {
            record = Record.OfTick(symbol, id, time, price, size);
            return true;
        }

        if (!TryReadText(view, Field.Condition, out var condition)) return false;
        record = Record.OfPrint(symbol, id, time, price, size, condition);
        return true;
    }

    private bool TryReadQuote(in View view, Symbol symbol, in Identity id, Timestamp time, out Record record)
    {
        record = default;
        if (!view.Fields.HasAny(QuoteFields)) return Fail(RejectReason.MissingField, Field.Bid);

        // A side that is not quoted has the price zero.
        if (!TryReadUnitsOr(view, Field.Bid, 0, out var bid) || !TryReadUnitsOr(view, Field.Ask, 0, out var ask)
            || !TryReadUnitsOr(view, Field.BidSize, 0, out var bidSize)
            || !TryReadUnitsOr(view, Field.AskSize, 0, out var askSize)) return false;
        record = Record.OfQuote(symbol, id, time, bid, bidSize, ask, askSize);
        return true;
    }

    private bool TryReadBook(in View view, Symbol symbol, in Identity id, Timestamp time, out Record record)
    {
        record = default;
        if (!view.Has(Field.Side)) return Fail(RejectReason.MissingField, Field.Side);
        if (!KindNames.TryParseSide(view[Field.Side], out var side)) return Fail(RejectReason.BadSide, Field.Side);
        if (!TryReadPrice(view, out var price)) return false;

        // A missing quantity must not be read as zero: zero removes the level.
        if (!TryReadUnits(view, SizeOf(view), out var quantity)) return false;
        record = Record.OfBookUpdate(symbol, id, time, side, price, quantity);
        return true;
    }

    private bool TryReadBar(in View view, Symbol symbol, in Identity id, in Stamp stamp, out Record record)
    {
        record = default;
        if (view.Has(Field.Final) && view[Field.Final].SequenceEqual("false"u8)) return Fail(RejectReason.UnknownKind, Field.Final);
        var frame = view.Has(Field.Frame) || options.IsBarFrameGiven ? options.BarFrame : FrameOf(view, stamp);
        if (view.Has(Field.Frame) && !KindNames.TryParseFrame(view[Field.Frame], out frame))
            return Fail(RejectReason.UnknownFrame, Field.Frame);
        if (!TryReadUnits(view, Field.Open, out var open) || !TryReadUnits(view, Field.High, out var high)
            || !TryReadUnits(view, Field.Low, out var low)
            || !TryReadUnits(
                view,
                view.Has(Field.Close) ? Field.Close : view.Has(Field.Price) ? Field.Price : view.Has(Field.Last) ? Field.Last : Field.Close,
                out var close)
            || !TryReadVolume(view, view.Has(Field.Volume) ? Field.Volume : Field.Size, out var volume)) return false;

        record = Record.OfBar(symbol, id, TimeOfBar(stamp, frame), frame, open, high, low, close, volume);
        return true;
    }

    /// <summary>
    /// The default frame of a bar if nothing else determines it: no frame, if the bar is stamped within a minute or is from a generator
    /// that sends one every few seconds.
    /// </summary>
    private Frame FrameOf(in View view, in Stamp stamp) => view.Has(Field.OpeningPrice) ? options.FrameOfParts : FrameOf(stamp);

    private Frame FrameOf(in Stamp stamp) => stamp.Nanoseconds % Timestamp.Minute != 0 ? options.FrameOfParts : options.BarFrame;

    /// <summary>Sets frame and time of a bar without a frame, according to its time.</summary>
    public Record Place(in Record bar, in Stamp stamp)
    {
        var frame = options.IsBarFrameGiven ? options.BarFrame : FrameOf(stamp);
        return Record.OfBar(bar.Symbol, bar.Id, TimeOfBar(stamp, frame), frame, bar.A, bar.B, bar.C, bar.D, bar.Volume);
    }

    /// <summary>
    /// The start of a bar. A daily bar stamped with a date, or with midnight of some zone, belongs to that date, whatever the zone; so does
    /// one whose numeric time is midnight in the reader's zone. The last moment of a bar belongs to it; its end is the start of the next
    /// one.
    /// </summary>
    private Timestamp TimeOfBar(in Stamp stamp, Frame frame)
    {
        var isDaily = frame >= Frame.OneDay;
        if (isDaily && stamp.Form == StampForm.Date) return new Timestamp(stamp.AsDate);
        var nanoseconds = !isDaily ? stamp.Nanoseconds : stamp.Form == StampForm.Moment ? DateOf(stamp.Nanoseconds) : stamp.AsDate;
        return new Timestamp(options.Stamped == BarStamp.End && nanoseconds > long.MinValue ? nanoseconds - 1 : nanoseconds);
    }

    /// <summary>
    /// For a daily bar stamped with midnight in the reader's zone: midnight UTC of that date. Any other time is returned unchanged.
    /// </summary>
    private long DateOf(long nanoseconds)
    {
        if (options.DateAhead > 0 && nanoseconds < long.MaxValue - Timestamp.Day)
            return new Timestamp(nanoseconds + options.DateAhead).DayNumber * Timestamp.Day;
        if (options.Zone == InputZone.Utc || nanoseconds % Timestamp.Second != 0) return nanoseconds;
        var local = options.Zone.LocalSeconds(nanoseconds / Timestamp.Second);
        return local % 86_400 == 0 ? local * Timestamp.Second : nanoseconds;
    }

    private bool TryReadNews(in View view, Symbol symbol, in Identity id, Timestamp time, out Record record)
    {
        record = default;
        if (!view.Has(Field.Score)) return Fail(RejectReason.MissingField, Field.Score);
        if (!TryReadRatio(view, Field.Score, 0, out var score) || !TryReadRatio(view, Field.Magnitude, 0, out var magnitude)) return false;
        record = Record.OfNewsSentiment(symbol, id, time, score, magnitude);
        return true;
    }

    private bool TryReadMarketData(in View view, Symbol symbol, in Identity id, Timestamp time, out Record record)
    {
        record = default;
        var marketCap = double.NaN;
        if (view.Has(Field.MarketCap) && !TryReadDouble(view, Field.MarketCap, out marketCap)) return false;
        if (!TryReadRatio(view, Field.PeRatio, MarketData.NoRatio, out var ratio)) return false;
        if (!view.Fields.HasAny(MarketFields)) return Fail(RejectReason.MissingField, Field.MarketCap);
        record = Record.OfMarketData(symbol, id, time, marketCap, ratio);
        return true;
    }

    private bool TryReadEconomy(in View view, in Identity id, Timestamp time, out Record record)
    {
        record = default;
        if (!view.Has(Field.Indicator)) return Fail(RejectReason.MissingField, Field.Indicator);
        if (!TryReadText(view, Field.Indicator, out var name)) return false;
        if (!view.Has(Field.Value)) return Fail(RejectReason.MissingField, Field.Value);
        if (!TryReadDouble(view, Field.Value, out var value)) return false;
        record = Record.OfEconomicIndicator(id, time, name!, value);
        return true;
    }

    /// <summary>The price; in some dialects the field is called last.</summary>
    private bool TryReadPrice(in View view, out long price) =>
        TryReadUnits(view, view.Has(Field.Last) && !view.Has(Field.Price) ? Field.Last : Field.Price, out price);

    /// <summary>The size; in some dialects the field is called volume. Zero if missing.</summary>
    private bool TryReadSize(in View view, out long size) => TryReadUnitsOr(view, SizeOf(view), 0, out size);

    private static Field SizeOf(in View view) =>
        view.Has(Field.Size) ? Field.Size : view.Has(Field.Volume) ? Field.Volume : view.Has(Field.Amount) ? Field.Amount : Field.Size;

    private bool TryReadUnitsOr(in View view, Field field, long missing, out long units)
    {
        units = missing;
        return !view.Has(field) || TryReadUnits(view, field, out units);
    }

    private bool TryReadUnits(in View view, Field field, out long units)
    {
        units = 0;
        if (!view.Has(field)) return Fail(RejectReason.MissingField, field);
        var verdict = view.IsOther(field) ? RejectReason.NotANumber : numbers.Read(view[field], FieldNames.IsSize(field), out units);
        return verdict == RejectReason.None || Fail(verdict, field);
    }

    private bool TryReadVolume(in View view, Field field, out Int128 volume)
    {
        volume = 0;
        if (!view.Has(field)) return true;
        var verdict = view.IsOther(field) ? RejectReason.NotANumber : numbers.ReadWide(view[field], out volume);
        return verdict == RejectReason.None || Fail(verdict, field);
    }

    /// <summary>A number in 1e-8; further decimals are rounded.</summary>
    private bool TryReadRatio(in View view, Field field, long missing, out long ratio)
    {
        ratio = missing;
        if (!view.Has(field)) return true;
        var verdict = view.IsOther(field) ? RejectReason.NotANumber : DecimalText.TryParseRounded(view[field], out ratio);
        return verdict == RejectReason.None || Fail(verdict, field);
    }

    private bool TryReadDouble(in View view, Field field, out double value)
    {
        value = 0;
        var verdict = view.IsOther(field) ? RejectReason.NotANumber : DecimalText.TryParseDouble(view[field], out value);
        return verdict == RejectReason.None || Fail(verdict, field);
    }

    private bool TryReadText(in View view, Field field, out string? text)
    {
        text = null;
        if (!view.Has(field)) return true;
        return (view.IsText(field) && texts.TryGet(view[field], out text)) || Fail(RejectReason.BadText, field);
    }

    /// <summary>Stores the first error. Always returns false, so that callers can return it.</summary>
    private bool Fail(RejectReason why, Field field)
    {
        if (reason != RejectReason.None) return false;
        reason = why;
        fault = field;
        return false;
    }

    /// <summary>The fields together with the bytes that they refer to.</summary>
    private readonly ref struct View(in FieldSet fields, ReadOnlySpan<byte> line, ReadOnlySpan<byte> scratch)
    {
        private readonly ref readonly FieldSet set = ref fields;
        private readonly ReadOnlySpan<byte> line = line;
        private readonly ReadOnlySpan<byte> scratch = scratch;

        public ref readonly FieldSet Fields => ref set;

        public ReadOnlySpan<byte> this[Field field] => set.TextOf(field, line, scratch);

        public bool Has(Field field) => set.Has(field);

        public bool IsText(Field field) => set.FormOf(field) is FieldForm.Text or FieldForm.Unescaped;

        public bool IsOther(Field field) => set.FormOf(field) == FieldForm.Other;
    }
}
