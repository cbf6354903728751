using System.Globalization;
using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;

namespace ActorTrading.Domain.Admission;

/// <summary>
/// The rules that every record must satisfy, independent of earlier records of its symbol. <see cref="Check"/> costs a few comparisons and
/// never allocates. <see cref="Explain"/> converts its result to an answer for the sender.
/// </summary>
public static class TickRules
{
    /// <summary>
    /// The largest magnitude of a price if zero and negative prices are allowed, so that the difference of two prices fits.
    /// </summary>
    private const long MostAnyPrice = long.MaxValue / 2;

    /// <summary>The first rule that the record breaks, or <see cref="RejectReason.None"/>.</summary>
    public static RejectReason Check(in Record record, Limits limits)
    {
        if (record.Time < limits.From || record.Time >= limits.To || IsZeroStamp(record.Time)) return RejectReason.TimeAbsurd;
        if (record.Id.Seq < Identity.None || record.Id.Epoch < 0) return RejectReason.BadSequence;
        return record.Kind switch
        {
            RecordKind.Tick or RecordKind.Print => CheckTrade(record, limits),
            RecordKind.Quote => CheckQuote(record, limits),
            RecordKind.BookUpdate => CheckBook(record, limits),
            RecordKind.Bar => CheckBar(record, limits),
            RecordKind.NewsSentiment => CheckNews(record),
            RecordKind.MarketData => CheckMarketData(record),
            RecordKind.EconomicIndicator => CheckEconomy(record),
            _ => RejectReason.UnknownKind,
        };
    }

    /// <summary>The rejection of a record that broke a rule: the field in error and its value, both as received.</summary>
    /// <param name="record">The record as received.</param>
    /// <param name="reason">The rule that it broke.</param>
    /// <param name="settings">The settings of its symbol; needed if numbers do not fit the instrument.</param>
    public static Rejection Explain(in Record record, RejectReason reason, PlanSettings? settings = null)
    {
        if (settings is not null && UnitConversion.IsFault(record, reason, settings.Units))
            return UnitConversion.Explain(record, settings, reason);
        var decimals = record.Units.PriceDecimals;
        var (field, value) = reason switch
        {
            RejectReason.TimeAbsurd or RejectReason.TimeAhead => ("ts", record.Time.ToString()),
            RejectReason.BadSequence => record.Id.Epoch < 0
                ? ("epoch", Text(record.Id.Epoch)) : ("seq", Text(record.Id.Seq)),
            RejectReason.UnknownKind => ("kind", Text((byte)record.Kind)),
            RejectReason.UnknownFrame => ("frame", Text(record.Frame.Code())),
            RejectReason.FrameNotInPlan => ("frame", record.Frame.Name()),
            RejectReason.BadSide => ("side", Text((byte)record.Side)),
            RejectReason.CrossedQuote =>
                ("bid", $"{FixedPoint.Format(record.A, decimals)} above ask {FixedPoint.Format(record.C, decimals)}"),
            RejectReason.OhlcInconsistent => (record.C > Math.Min(record.A, record.D) ? "low" : "high",
                $"open {FixedPoint.Format(record.A, decimals)}, high {FixedPoint.Format(record.B, decimals)}, "
                + $"low {FixedPoint.Format(record.C, decimals)}, close {FixedPoint.Format(record.D, decimals)}"),
            RejectReason.PriceNotPositive when record.Kind == RecordKind.Quote && (record.A < 0 || record.C < 0) =>
                FirstPrice(record, static units => units < 0),
            RejectReason.PriceNotPositive => FirstPrice(record, static units => units <= 0),
            RejectReason.SizeNegative => FirstSize(record, static units => units < 0),
            RejectReason.PriceSpike or RejectReason.TooPrecise => FirstPrice(record, static _ => true),
            RejectReason.OutOfRange when RecordNumbers.IsPrice(record.Kind, 0) => FirstPriceOutOfRange(record, settings),
            RejectReason.OutOfRange when record.Kind == RecordKind.MarketData =>
                ("market_cap", BitConverter.Int64BitsToDouble(record.C).ToString(CultureInfo.InvariantCulture)),
            RejectReason.OutOfRange => record.A is < -Fixed8.One or > Fixed8.One
                ? ("sentiment_score", Fixed8.Format(record.A)) : ("sentiment_magnitude", Fixed8.Format(record.B)),
            RejectReason.NotFinite => (record.Kind == RecordKind.MarketData ? "market_cap" : "value",
                BitConverter.Int64BitsToDouble(record.C).ToString(CultureInfo.InvariantCulture)),
            RejectReason.TooManyNames => ("indicator_name", record.Text ?? ""),
            RejectReason.BadText => (record.Kind == RecordKind.Print ? "condition" : "indicator_name", record.Text ?? ""),
            RejectReason.MissingField => (record.Kind == RecordKind.Quote ? "bid" : "market_cap", ""),
            RejectReason.NotSubscribed or RejectReason.SymbolQuarantined => ("symbol", record.Symbol.Name),
            _ => ("", ""),
        };
        return new Rejection(reason, field, value) { Hint = reason == RejectReason.OutOfRange ? RangeOf(record, settings) : null };
    }

    /// <summary>The price that is too large in the units of the instrument.</summary>
    private static (string Field, string Value) FirstPriceOutOfRange(in Record record, PlanSettings? settings)
    {
        var isConverted = UnitConversion.TryConvert(record, settings?.Units ?? record.Units, out var converted, out _) == RejectReason.None;
        return FirstPrice(isConverted ? converted : record, static units => !IsWithin(units, MostAnyPrice));
    }

    /// <summary>The valid range of a field whose number is out of range.</summary>
    private static string RangeOf(in Record record, PlanSettings? settings)
    {
        if (record.Kind == RecordKind.NewsSentiment) return "sentiment_score is from -1 to 1, and sentiment_magnitude is 0 or more.";
        if (record.Kind == RecordKind.MarketData) return "market_cap is 0 or more.";
        var decimals = (settings?.Units ?? record.Units).PriceDecimals;
        var most = FixedPoint.Format(MostAnyPrice, decimals);
        return $"With {decimals} decimals prices go from -{most} to {most}; set price_decimals lower for larger ones.";
    }

    /// <summary>Whether a price of the record is zero or negative. A side that is not quoted is ignored.</summary>
    internal static bool HasPriceBelowOne(in Record record) => record.Kind switch
    {
        RecordKind.Tick or RecordKind.Print or RecordKind.BookUpdate => record.A <= 0,
        RecordKind.Quote => record.A < 0 || record.C < 0 || (record.A | record.C) == 0,
        RecordKind.Bar => Math.Min(Math.Min(record.A, record.B), Math.Min(record.C, record.D)) <= 0,
        _ => false,
    };

    /// <summary>Whether the time is within a day of zero: such a time is missing, not in the year 1970.</summary>
    private static bool IsZeroStamp(Timestamp time) => time.Nanoseconds is > -Timestamp.Day and < Timestamp.Day;

    private static bool IsWithin(long price, long most) => price <= most && price >= -most;

    /// <summary>The rule that the price breaks: it must be positive unless the plan allows any price.</summary>
    private static RejectReason CheckPrice(long price, Limits limits) =>
        price > 0 && !limits.AnyPrices ? RejectReason.None
        : !limits.AnyPrices ? RejectReason.PriceNotPositive
        : IsWithin(price, MostAnyPrice) ? RejectReason.None : RejectReason.OutOfRange;

    private static RejectReason CheckTrade(in Record record, Limits limits)
    {
        if (CheckPrice(record.A, limits) is var reason && reason != RejectReason.None) return reason;
        if (record.B < 0) return RejectReason.SizeNegative;
        return IsText(record.Text, Print.MaxConditionLength) ? RejectReason.None : RejectReason.BadText;
    }

    private static RejectReason CheckQuote(in Record record, Limits limits)
    {
        // A side that is not quoted has neither price nor size. At least one side must be quoted.
        if (limits.AnyPrices) return CheckAnyQuote(record, limits);
        if (record.A < 0 || record.C < 0 || (record.A | record.C) == 0 || (record.A == 0 && record.B != 0)
            || (record.C == 0 && record.D != 0)) return RejectReason.PriceNotPositive;
        if (record.B < 0 || record.D < 0) return RejectReason.SizeNegative;
        return record.A > record.C && record.C != 0 && !limits.CrossedQuotes ? RejectReason.CrossedQuote : RejectReason.None;
    }

    private static RejectReason CheckAnyQuote(in Record record, Limits limits)
    {
        if ((record.A | record.B | record.C | record.D) == 0) return RejectReason.MissingField;
        if (!IsWithin(record.A, MostAnyPrice) || !IsWithin(record.C, MostAnyPrice)) return RejectReason.OutOfRange;
        if (record.B < 0 || record.D < 0) return RejectReason.SizeNegative;
        var isTwoSided = (record.A | record.B) != 0 && (record.C | record.D) != 0;
        return isTwoSided && record.A > record.C && !limits.CrossedQuotes ? RejectReason.CrossedQuote : RejectReason.None;
    }

    private static RejectReason CheckBook(in Record record, Limits limits)
    {
        if (record.Side is not (BookSide.Bid or BookSide.Ask)) return RejectReason.BadSide;
        if (CheckPrice(record.A, limits) is var reason && reason != RejectReason.None) return reason;
        return record.B < 0 ? RejectReason.SizeNegative : RejectReason.None;
    }

    private static RejectReason CheckBar(in Record record, Limits limits)
    {
        if (!record.Frame.IsDefined()) return RejectReason.UnknownFrame;
        var least = Math.Min(Math.Min(record.A, record.B), Math.Min(record.C, record.D));
        var most = Math.Max(Math.Max(record.A, record.B), Math.Max(record.C, record.D));
        if (CheckPrice(least, limits) is var low && low != RejectReason.None) return low;
        if (CheckPrice(most, limits) is var high && high != RejectReason.None) return high;
        if (record.VolumeHigh < 0) return RejectReason.SizeNegative;
        return record.C <= Math.Min(record.A, record.D) && record.B >= Math.Max(record.A, record.D)
            ? RejectReason.None
            : RejectReason.OhlcInconsistent;
    }

    private static RejectReason CheckNews(in Record record) =>
        record.A is >= -Fixed8.One and <= Fixed8.One && record.B >= 0 ? RejectReason.None : RejectReason.OutOfRange;

    private static RejectReason CheckMarketData(in Record record)
    {
        var marketCap = BitConverter.Int64BitsToDouble(record.C);
        if (double.IsInfinity(marketCap)) return RejectReason.NotFinite;
        if (marketCap < 0) return RejectReason.OutOfRange;
        return double.IsNaN(marketCap) && record.A == MarketData.NoRatio ? RejectReason.MissingField : RejectReason.None;
    }

    private static RejectReason CheckEconomy(in Record record)
    {
        if (string.IsNullOrEmpty(record.Text) || !IsText(record.Text, EconomicIndicator.MaxNameLength)) return RejectReason.BadText;
        return double.IsFinite(BitConverter.Int64BitsToDouble(record.C)) ? RejectReason.None : RejectReason.NotFinite;
    }

    private static bool IsText(string? text, int maxLength)
    {
        if (text is null) return true;
        if (text.Length > maxLength) return false;
        foreach (var c in text)
        {
            if (c is < ' ' or '\x7f' || char.IsSurrogate(c)) return false;
        }

        return true;
    }

    private static (string Field, string Value) FirstPrice(in Record record, Func<long, bool> isAtFault)
    {
        for (var slot = 0; slot < 4; slot++)
        {
            var units = RecordNumbers.Of(record, slot);
            if (RecordNumbers.IsPrice(record.Kind, slot) && isAtFault(units))
                return (RecordNumbers.NameOf(record.Kind, slot), FixedPoint.Format(units, record.Units.PriceDecimals));
        }

        return ("price", "");
    }

    private static (string Field, string Value) FirstSize(in Record record, Func<Int128, bool> isAtFault)
    {
        for (var slot = 0; slot < 5; slot++)
        {
            var units = slot == 4 ? record.Volume : RecordNumbers.Of(record, slot);
            if (RecordNumbers.IsSize(record.Kind, slot) && isAtFault(units))
                return (RecordNumbers.NameOf(record.Kind, slot), FixedPoint.Format(units, record.Units.SizeDecimals));
        }

        return ("size", "");
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
