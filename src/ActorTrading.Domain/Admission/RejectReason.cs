using ActorTrading.Domain.Values;

namespace ActorTrading.Domain.Admission;

/// <summary>
/// Reason why a record, or a line that should have been one, was rejected. Written in snake case in outputs: <c>price_not_positive</c>. The
/// numbers are part of the binary formats: never reuse one.
/// </summary>
public enum RejectReason : byte
{
    /// <summary>No error.</summary>
    None = 0,

    /// <summary>The text or frame cannot be read at all.</summary>
    Malformed = 1,

    /// <summary>The line is longer than the limit.</summary>
    LineTooLong = 2,

    /// <summary>A required field of the kind is missing or empty.</summary>
    MissingField = 3,

    /// <summary>The kind of record is not known.</summary>
    UnknownKind = 4,

    /// <summary>The symbol is not valid.</summary>
    BadSymbol = 5,

    /// <summary>The source is not a valid source name.</summary>
    BadSource = 6,

    /// <summary>The epoch or seq is negative or not a whole number.</summary>
    BadSequence = 7,

    /// <summary>The time cannot be parsed.</summary>
    BadTime = 8,

    /// <summary>The time is outside of the plausible range.</summary>
    TimeAbsurd = 9,

    /// <summary>The field is not a number.</summary>
    NotANumber = 10,

    /// <summary>The number is NaN or infinite.</summary>
    NotFinite = 11,

    /// <summary>The number exceeds the range of the field.</summary>
    OutOfRange = 12,

    /// <summary>The price is zero or negative.</summary>
    PriceNotPositive = 13,

    /// <summary>The size, quantity or volume is negative.</summary>
    SizeNegative = 14,

    /// <summary>The bar's low is above its open or close, or its high below.</summary>
    OhlcInconsistent = 15,

    /// <summary>The bid is above the ask.</summary>
    CrossedQuote = 16,

    /// <summary>The price is further from the last one than the plan's band allows.</summary>
    PriceSpike = 17,

    /// <summary>The frame of a bar is not known.</summary>
    UnknownFrame = 18,

    /// <summary>The bar is longer than every frame of the symbol's plan.</summary>
    FrameNotInPlan = 19,

    /// <summary>The side of a book update is neither bid nor ask.</summary>
    BadSide = 20,

    /// <summary>A text field is too long or has invalid characters.</summary>
    BadText = 21,

    /// <summary>The sender does not have the right to send this symbol.</summary>
    NotAllowed = 22,

    /// <summary>The limit of sources is reached, and the source is new.</summary>
    TooManySources = 23,

    /// <summary>The limit of economic indicators is reached, and the name is new.</summary>
    TooManyNames = 24,

    /// <summary>The symbol is not on the list of subscribed symbols.</summary>
    NotSubscribed = 25,

    /// <summary>
    /// The symbol is in quarantine, because something of it could not be folded. All its records are rejected until an operator has checked
    /// it.
    /// </summary>
    SymbolQuarantined = 26,

    /// <summary>The time is further ahead of the receiver's clock than the limit allows.</summary>
    TimeAhead = 27,

    /// <summary>The number has more decimals than the instrument, and would lose more than one part in 1e9 of its value.</summary>
    TooPrecise = 28,

    /// <summary>The limit of symbols of the node, the source or the caller is reached, and the symbol is new.</summary>
    TooManySymbols = 29,
}

/// <summary>Names and advice of reasons.</summary>
public static class RejectReasons
{
    private static readonly string[] Names = NamesByNumber();

    /// <summary>All reasons but <see cref="RejectReason.None"/>.</summary>
    public static IReadOnlyList<RejectReason> All { get; } = [.. Enum.GetValues<RejectReason>().Skip(1)];

    /// <summary>The name in outputs.</summary>
    public static string Name(this RejectReason reason) => Names[(int)reason];

    /// <summary>Advice for the sender or user, in one sentence.</summary>
    public static string Advice(this RejectReason reason) => reason switch
    {
        RejectReason.None => "",
        RejectReason.Malformed => "The line is not valid JSON, or it does not match the columns of its table; see docs/formats.md.",
        RejectReason.LineTooLong => "Write one record per line, or raise the limit of the node.",
        RejectReason.MissingField => "Add the field, or use --symbol for a symbol and --columns for columns with other names.",
        RejectReason.UnknownKind => "Kinds are tick, quote, book, bar, print, news, market and economic.",
        RejectReason.BadSymbol => "Use a name that docs/formats.md allows for symbols.",
        RejectReason.BadSource =>
            "Use 1 to 64 printable ASCII characters without quotes and backslashes, and a source that the sender may use.",
        RejectReason.BadSequence => "Use whole numbers of 0 or more for epoch and seq.",
        RejectReason.BadTime => "Use a time format of docs/formats.md, or set --time-format.",
        RejectReason.TimeAbsurd => "Check the unit of numeric times (--time-unit) and limits.from and limits.to of the plan.",
        RejectReason.TimeAhead =>
            "Check the unit of numeric times (--time-unit) and the sender's clock, or allow more with --max-ahead or the node's setting.",
        RejectReason.NotANumber => "Write digits with a decimal point; set --decimal , for a table with decimal commas.",
        RejectReason.NotFinite => "Omit the field if there is no value.",
        RejectReason.OutOfRange => "The number is too large for its unit: 9223372036854775807 units at most, which is 92233720368.54775807 "
            + "with 8 decimals and 9.223372036854775807 with 18; set price_decimals or size_decimals lower.",
        RejectReason.TooPrecise =>
            "Set price_decimals or size_decimals of the plan, or of the symbol, to the number of decimals of the instrument.",
        RejectReason.PriceNotPositive =>
            "Prices must be above zero unless the plan says prices: any; omit the missing side of a quote.",
        RejectReason.SizeNegative => "Quantities are zero or more; use side for the direction of a trade.",
        RejectReason.OhlcInconsistent =>
            "Correct the row at its vendor or omit it: low must be the lowest of the four prices and high the highest.",
        RejectReason.CrossedQuote => "Set limits.crossed_quotes in the plan for feeds that report bid and ask separately.",
        RejectReason.PriceSpike => "Widen limits.spike_band in the plan if the market really moves that far.",
        RejectReason.UnknownFrame => "Use a frame listed in docs/plan.md.",
        RejectReason.FrameNotInPlan => "Add the frame, or a longer one, to the frames of the plan.",
        RejectReason.BadSide => "Sides are bid and ask, or buy and sell.",
        RejectReason.BadText => "Shorten the text, and remove control characters.",
        RejectReason.NotAllowed => "Ask the operator for permission to send this symbol.",
        RejectReason.TooManySources => "Use fewer source names, or raise the limit of the node.",
        RejectReason.TooManySymbols => "Send fewer symbols, delete unused symbols, or raise the limit of the node.",
        RejectReason.TooManyNames => "Send fewer indicator names, or exclude the records of unused names.",
        RejectReason.NotSubscribed => "Add the symbol to the list of subscriptions.",
        RejectReason.SymbolQuarantined => "An operator must check the symbol first; see docs/engine.md.",
        _ => "See docs/formats.md.",
    };

    /// <summary>The advice if the units of the instrument are known.</summary>
    public static string Advice(this RejectReason reason, Units units) => reason == RejectReason.OutOfRange
        ? $"With {units.PriceDecimals} decimals prices go up to {FixedPoint.Format(long.MaxValue, units.PriceDecimals)}, "
            + $"and with {units.SizeDecimals} decimals sizes up to {FixedPoint.Format(long.MaxValue, units.SizeDecimals)}; "
            + "set price_decimals or size_decimals lower for larger ones."
        : reason.Advice();

    private static string[] NamesByNumber()
    {
        var reasons = Enum.GetValues<RejectReason>();
        var names = new string[(int)reasons.Max() + 1];
        foreach (var reason in reasons) names[(int)reason] = SnakeCase(reason.ToString());
        return names;
    }

    private static string SnakeCase(string name) =>
        string.Concat(name.Select((c, i) => char.IsUpper(c) ? (i == 0 ? "" : "_") + char.ToLowerInvariant(c) : c.ToString()));
}
