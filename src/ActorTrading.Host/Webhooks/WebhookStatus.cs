namespace ActorTrading.Host.Webhooks;

/// <summary>
/// How a webhook is doing: the position that it has come to, signals of the log behind that, requests sent, those that failed, signals
/// delivered and given up, positions that could not be written down, and what is wrong now (null when nothing is).
/// </summary>
internal sealed record WebhookStatus(
    string Name, string Host, long Position, long Waiting, long Attempts, long Failures, long Delivered, long DeadLetters, long CursorFailures, string? Fault);
