using Microsoft.Extensions.Logging;

namespace ActorTrading.Host.Webhooks;

/// <summary>Log messages of webhooks.</summary>
internal static partial class WebhookLog
{
    [LoggerMessage(500, LogLevel.Information, "Webhook {Name} to {Host} starts after position {Position}")]
    public static partial void Begins(this ILogger logger, string name, string host, long position);

    [LoggerMessage(
        501, LogLevel.Warning, "Webhook {Name} to {Host} fails at position {Position}, and is retried until it succeeds: {Reason}")]
    public static partial void Fails(this ILogger logger, string name, string host, long position, string reason);

    [LoggerMessage(502, LogLevel.Information, "Webhook {Name} to {Host} works again, after {Attempts} attempts at position {Position}")]
    public static partial void WorksAgain(this ILogger logger, string name, string host, int attempts, long position);

    [LoggerMessage(
        503, LogLevel.Error,
        "Webhook {Name} to {Host} refuses signal {Signal} at position {Position}, which is now a dead letter: {Reason}")]
    public static partial void Refuses(this ILogger logger, string name, string host, string signal, long position, string reason);

    [LoggerMessage(504, LogLevel.Error, "Webhook {Name} cannot store its position {Position}; "
        + "after a restart it will deliver signals again: {Reason}")]
    public static partial void CursorFails(this ILogger logger, string name, long position, string reason);

    [LoggerMessage(505, LogLevel.Error, "Webhook {Name} has ended: {Reason}")]
    public static partial void Ended(this ILogger logger, string name, string reason);
}
