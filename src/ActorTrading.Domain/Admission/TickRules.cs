using System.Globalization;
using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;

namespace ActorTrading.Domain.Admission;

/// <summary>
/// What any record must satisfy, whatever its symbol has seen before. <see cref="Check"/> costs a few
/// comparisons and never allocates; <see cref="Explain"/> turns its verdict into an answer for the sender.
/// </summary>
public static class TickRules
{
    /// <summary>The first rule that the record breaks, or <see cref="RejectReason.None"/>.</summary>
    public static RejectReason Check(in Record record, Limits limits)
    {
        if (record.Time < limits.From || record.Time >= limits.To || IsZeroStamp(record.Time)) return RejectReason.TimeAbsurd;
        if (record.Id.Seq < Identity.None || record.Id.Epoch < 0) return RejectReason.BadSequence;
        return record.Kind switch
        {
            RecordKind.Tick or RecordKind.Print => CheckTrade(record),
            RecordKind.Quote => CheckQuote(record, limits),
            RecordKind.BookUpdate => CheckBook(record),
            RecordKind.Bar => CheckBar(record),
            RecordKind.NewsSentiment => CheckNews(record),
            RecordKind.MarketData => CheckMarketData(record),
            RecordKind.EconomicIndicator => CheckEconomy(record),
            _ => RejectReason.UnknownKind,
        };
    }

    /// <summary>The answer for the sender of a record that broke a rule: the field at fault and its value.</summary>
    public static Rejection Explain(in Record record, RejectReason reason)
    {
        var (field, value) = reason switch
        {
            RejectReason.TimeAbsurd or RejectReason.TimeAhead => ("ts", record.Time.ToString()),
            RejectReason.BadSequence => record.Id.Epoch < 0
                ? ("epoch", Text(record.Id.Epoch)) : ("seq", Text(record.Id.Seq)),
            RejectReason.UnknownKind => ("kind", Text((byte)record.Kind)),
            RejectReason.UnknownFrame => ("frame", Text(record.Frame.Code())),
            RejectReason.FrameNotInPlan => ("frame", record.Frame.Name()),
            RejectReason.BadSide => ("side", Text((byte)record.Side)),
            RejectReason.CrossedQuote => ("bid", $"{Fixed8.Format(record.A)} above ask {Fixed8.Format(record.C)}"),
            RejectReason.OhlcInconsistent => (record.C > Math.Min(record.A, record.D) ? "low" : "high",
                $"open {Fixed8.Format(record.A)}, high {Fixed8.Format(record.B)}, low {Fixed8.Format(record.C)}, close {Fixed8.Format(record.D)}"),
            RejectReason.PriceNotPositive when record.Kind == RecordKind.Quote && (record.A < 0 || record.C < 0) =>
                FirstOf(record, static units => units < 0, PriceFields(record.Kind)),
            RejectReason.PriceNotPositive => FirstOf(record, static units => units <= 0, PriceFields(record.Kind)),
            RejectReason.SizeNegative => FirstOf(record, static units => units < 0, SizeFields(record.Kind)),
            RejectReason.PriceSpike => FirstOf(record, static _ => true, PriceFields(record.Kind)),
            RejectReason.OutOfRange when record.Kind == RecordKind.MarketData =>
                ("market_cap", BitConverter.Int64BitsToDouble(record.C).ToString(CultureInfo.InvariantCulture)),
            RejectReason.OutOfRange => record.A is < -Fixed8.One or > Fixed8.One
                ? ("sentiment_score", Fixed8.Format(record.A)) : ("sentiment_magnitude", Fixed8.Format(record.B)),
            RejectReason.NotFinite => (record.Kind == RecordKind.MarketData ? "market_cap" : "value",
                BitConverter.Int64BitsToDouble(record.C).ToString(CultureInfo.InvariantCulture)),
            RejectReason.TooManyNames => ("indicator_name", record.Text ?? ""),
            RejectReason.BadText => (record.Kind == RecordKind.Print ? "condition" : "indicator_name", record.Text ?? ""),
            RejectReason.MissingField => ("market_cap", ""),
            RejectReason.NotSubscribed or RejectReason.SymbolQuarantined => ("symbol", record.Symbol.Name),
            _ => ("", ""),
        };
        return new Rejection(reason, field, value);
    }

    /// <summary>A stamp within a day of zero is a missing one, not the year 1970.</summary>
    private static bool IsZeroStamp(Timestamp time) => time.Nanoseconds is > -Timestamp.Day and < Timestamp.Day;

    private static RejectReason CheckTrade(in Record record)
    {
        if (record.A <= 0) return RejectReason.PriceNotPositive;
        if (record.B < 0) return RejectReason.SizeNegative;
        return IsText(record.Text, Print.MaxConditionLength) ? RejectReason.None : RejectReason.BadText;
    }

    private static RejectReason CheckQuote(in Record record, Limits limits)
    {
        // A side that is not quoted has neither a price nor a size; one side there is.
        if (record.A < 0 || record.C < 0 || (record.A | record.C) == 0 || (record.A == 0 && record.B != 0) || (record.C == 0 && record.D != 0)) return RejectReason.PriceNotPositive;
        if (record.B < 0 || record.D < 0) return RejectReason.SizeNegative;
        return record.A > record.C && record.C != 0 && !limits.CrossedQuotes ? RejectReason.CrossedQuote : RejectReason.None;
    }

    private static RejectReason CheckBook(in Record record)
    {
        if (record.Side is not (BookSide.Bid or BookSide.Ask)) return RejectReason.BadSide;
        if (record.A <= 0) return RejectReason.PriceNotPositive;
        return record.B < 0 ? RejectReason.SizeNegative : RejectReason.None;
    }

    private static RejectReason CheckBar(in Record record)
    {
        if (!record.Frame.IsDefined()) return RejectReason.UnknownFrame;
        if (record.A <= 0 || record.B <= 0 || record.C <= 0 || record.D <= 0) return RejectReason.PriceNotPositive;
        if (record.E < 0) return RejectReason.SizeNegative;
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

    private static (string Field, string Value) FirstOf(in Record record, Func<long, bool> isAtFault, (string Name, char Slot)[] fields)
    {
        foreach (var (name, slot) in fields)
        {
            var units = slot switch { 'A' => record.A, 'B' => record.B, 'C' => record.C, 'D' => record.D, _ => record.E };
            if (isAtFault(units)) return (name, Fixed8.Format(units));
        }

        return ("price", "");
    }

    private static (string Name, char Slot)[] PriceFields(RecordKind kind) => kind switch
    {
        RecordKind.Quote => [("bid", 'A'), ("ask", 'C')],
        RecordKind.Bar => [("open", 'A'), ("high", 'B'), ("low", 'C'), ("close", 'D')],
        _ => [("price", 'A')],
    };

    private static (string Name, char Slot)[] SizeFields(RecordKind kind) => kind switch
    {
        RecordKind.Quote => [("bid_size", 'B'), ("ask_size", 'D')],
        RecordKind.Bar => [("volume", 'E')],
        RecordKind.BookUpdate => [("quantity", 'B')],
        _ => [("size", 'B')],
    };

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
