using Microsoft.Extensions.Logging;

namespace ActorTrading.Connectors.Exchanges;

/// <summary>What the connectors of exchanges tell an operator.</summary>
internal static partial class ExchangeLog
{
    [LoggerMessage(650, LogLevel.Information, "Exchange {Name}: connected to {Host}, {Symbols} symbols")]
    public static partial void Connected(this ILogger logger, string name, string host, int symbols);

    [LoggerMessage(651, LogLevel.Warning, "Exchange {Name}: the connection ended and is made again: {Error}: {Reason}")]
    public static partial void Ended(this ILogger logger, string name, ExchangeError error, string reason);

    [LoggerMessage(652, LogLevel.Information, "Exchange {Name}: the connection is replaced before the exchange cuts it")]
    public static partial void Renews(this ILogger logger, string name);

    [LoggerMessage(653, LogLevel.Warning, "Exchange {Name}: {Count} messages were dropped, since the engine is slower than the exchange")]
    public static partial void Dropped(this ILogger logger, string name, long count);

    [LoggerMessage(654, LogLevel.Warning, "Exchange {Name}: a message cannot be read: {Reason}")]
    public static partial void Malformed(this ILogger logger, string name, string reason);

    [LoggerMessage(655, LogLevel.Warning, "Exchange {Name}: {Channel} of {Symbol} from {From} to {To} are missing and are asked for")]
    public static partial void Gap(this ILogger logger, string name, string channel, string symbol, long from, long to);

    [LoggerMessage(656, LogLevel.Information, "Exchange {Name}: {Count} missing {Channel} of {Symbol} came")]
    public static partial void Filled(this ILogger logger, string name, int count, string channel, string symbol);

    [LoggerMessage(657, LogLevel.Error, "Exchange {Name}: {Count} {Channel} of {Symbol} up to {To} are missing for good")]
    public static partial void Lost(this ILogger logger, string name, long count, string channel, string symbol, long to);

    [LoggerMessage(658, LogLevel.Warning, "Exchange {Name}: the book of {Symbol} is out of step; a new snapshot is asked for")]
    public static partial void BookBroken(this ILogger logger, string name, string symbol);

    [LoggerMessage(659, LogLevel.Warning, "Exchange {Name}: {Error}: {Reason}")]
    public static partial void Refuses(this ILogger logger, string name, ExchangeError error, string reason);

    [LoggerMessage(660, LogLevel.Warning, "Exchange {Name}: a request failed: {Reason}")]
    public static partial void RequestFails(this ILogger logger, string name, string reason);

    [LoggerMessage(661, LogLevel.Information, "Exchange {Name}: its clock is {Milliseconds} ms ahead of this one")]
    public static partial void Clock(this ILogger logger, string name, long milliseconds);

    [LoggerMessage(662, LogLevel.Warning, "Exchange {Name}: {Symbol} has {Price} decimals of prices and {Size} of sizes, the plan takes {PlanPrice} and {PlanSize}; {Advice}")]
    public static partial void Decimals(this ILogger logger, string name, string symbol, int price, int size, int planPrice, int planSize, string advice);

    [LoggerMessage(663, LogLevel.Error, "Exchange {Name}: the engine did not take what came; the last durable records are gone on from: {Reason}")]
    public static partial void EngineFails(this ILogger logger, string name, string reason);

    [LoggerMessage(664, LogLevel.Warning, "Exchange {Name}: a record is refused: {Reason}")]
    public static partial void RecordRefused(this ILogger logger, string name, string reason);
}
