using ActorTrading.Domain.Values;
using Microsoft.Extensions.Logging;

namespace ActorTrading.Connectors.Exchanges;

/// <summary>Log messages of exchange connectors, for operators.</summary>
internal static partial class ExchangeLog
{
    [LoggerMessage(750, LogLevel.Information, "Exchange {Name}: connected to {Host}, {Symbols} symbols")]
    public static partial void ExchangeConnected(this ILogger logger, string name, string host, int symbols);

    [LoggerMessage(751, LogLevel.Warning, "Exchange {Name}: the connection was lost, reconnecting: {Error}: {Reason}")]
    public static partial void ExchangeEnded(this ILogger logger, string name, ExchangeError error, string reason);

    [LoggerMessage(752, LogLevel.Information, "Exchange {Name}: reconnecting before the exchange closes the connection")]
    public static partial void ExchangeRenews(this ILogger logger, string name);

    [LoggerMessage(753, LogLevel.Warning, "Exchange {Name}: {Count} messages were dropped, because the engine is slower than the exchange")]
    public static partial void ExchangeDropped(this ILogger logger, string name, long count);

    [LoggerMessage(754, LogLevel.Warning, "Exchange {Name}: a message cannot be read: {Reason}")]
    public static partial void ExchangeMalformed(this ILogger logger, string name, string reason);

    [LoggerMessage(755, LogLevel.Warning, "Exchange {Name}: {Channel} of {Symbol} from {From} to {To} are missing and are requested")]
    public static partial void ExchangeGap(this ILogger logger, string name, string channel, string symbol, long from, long to);

    [LoggerMessage(756, LogLevel.Information, "Exchange {Name}: {Count} missing {Channel} of {Symbol} were received")]
    public static partial void ExchangeFilled(this ILogger logger, string name, int count, string channel, string symbol);

    [LoggerMessage(757, LogLevel.Error, "Exchange {Name}: {Count} {Channel} of {Symbol} up to {To} are permanently missing")]
    public static partial void ExchangeLost(this ILogger logger, string name, long count, string channel, string symbol, long to);

    [LoggerMessage(758, LogLevel.Warning, "Exchange {Name}: the book of {Symbol} is out of sync; a new snapshot is requested")]
    public static partial void ExchangeBookBroken(this ILogger logger, string name, string symbol);

    [LoggerMessage(759, LogLevel.Warning, "Exchange {Name}: {Error}: {Reason}")]
    public static partial void ExchangeRefuses(this ILogger logger, string name, ExchangeError error, string reason);

    [LoggerMessage(760, LogLevel.Warning, "Exchange {Name}: a request failed: {Reason}")]
    public static partial void ExchangeRequestFails(this ILogger logger, string name, string reason);

    [LoggerMessage(761, LogLevel.Information, "Exchange {Name}: its clock is {Milliseconds} ms ahead of this one")]
    public static partial void ExchangeClock(this ILogger logger, string name, long milliseconds);

    [LoggerMessage(
        762, LogLevel.Warning,
        "Exchange {Name}: {Symbol} has {Price} decimals of prices and {Size} of sizes, the plan takes {PlanPrice} and {PlanSize}; "
        + "{Advice}")]
    public static partial void ExchangeDecimals(
        this ILogger logger, string name, string symbol, int price, int size, int planPrice, int planSize, string advice);

    [LoggerMessage(
        763, LogLevel.Error, "Exchange {Name}: the engine did not accept the input; resuming after the last durable records: {Reason}")]
    public static partial void ExchangeHandoverFails(this ILogger logger, string name, string reason);

    [LoggerMessage(764, LogLevel.Warning, "Exchange {Name}: a record is refused: {Reason}")]
    public static partial void ExchangeRecordRefused(this ILogger logger, string name, string reason);

    [LoggerMessage(765, LogLevel.Warning, "Exchange {Name}: {Channel} of {Symbol} from {From} to {To} may be missing and are requested")]
    public static partial void ExchangeTimeGap(
        this ILogger logger, string name, string channel, string symbol, Timestamp from, Timestamp to);

    [LoggerMessage(766, LogLevel.Error, "Exchange {Name}: {Channel} of {Symbol} from {From} to {To} are permanently missing")]
    public static partial void ExchangeTimeLost(
        this ILogger logger, string name, string channel, string symbol, Timestamp from, Timestamp to);

    [LoggerMessage(
        767, LogLevel.Information,
        "Exchange {Name}: {Channel} of {Symbol}: number {Number} is a duplicate or too late, and is skipped")]
    public static partial void ExchangeRepeats(this ILogger logger, string name, string channel, string symbol, long number);

    [LoggerMessage(
        768, LogLevel.Information, "Exchange {Name}: {Channel} of {Symbol}: number {Number} arrived out of order and is reordered")]
    public static partial void ExchangeReordered(this ILogger logger, string name, string channel, string symbol, long number);
}
