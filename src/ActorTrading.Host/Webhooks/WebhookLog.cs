using Microsoft.Extensions.Logging;

namespace ActorTrading.Host.Webhooks;

/// <summary>Log messages of webhooks.</summary>
internal static partial class WebhookLog
{
    [LoggerMessage(500, LogLevel.Information, "Webhook {Name} to {Host} goes on behind position {Position}")]
    public static partial void Begins(this ILogger logger, string name, string host, long position);

    [LoggerMessage(
        501, LogLevel.Warning, "Webhook {Name} to {Host} fails at position {Position}, and is tried again until it does not: {Reason}")]
    public static partial void Fails(this ILogger logger, string name, string host, long position, string reason);

    [LoggerMessage(502, LogLevel.Information, "Webhook {Name} to {Host} works again, after {Attempts} attempts at position {Position}")]
    public static partial void WorksAgain(this ILogger logger, string name, string host, int attempts, long position);

    [LoggerMessage(
        503, LogLevel.Error,
        "Webhook {Name} to {Host} refuses signal {Signal} at position {Position}, which is a dead letter now: {Reason}")]
    public static partial void Refuses(this ILogger logger, string name, string host, string signal, long position, string reason);

    [LoggerMessage(504, LogLevel.Error, "Webhook {Name} cannot write down that it has come to position {Position}; "
        + "after a restart it will deliver again what it delivers now: {Reason}")]
    public static partial void CursorFails(this ILogger logger, string name, long position, string reason);

    [LoggerMessage(505, LogLevel.Error, "Webhook {Name} has ended: {Reason}")]
    public static partial void Ended(this ILogger logger, string name, string reason);
}
