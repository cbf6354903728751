namespace ActorTrading.Host.Webhooks;

/// <summary>
/// The status of a webhook: its position in the log, the number of signals behind the end of the log, requests sent, failed requests,
/// delivered and rejected signals, failed writes of the position, and the current problem (null for none).
/// </summary>
internal sealed record WebhookStatus(
    string Name, string Host, long Position, long Waiting, long Attempts, long Failures, long Delivered, long DeadLetters,
    long CursorFailures,
    string? Fault)
{
    /// <summary>The options of the webhook. Do not show its URL.</summary>
    public required WebhookOptions Wanted { get; init; }

    /// <summary>The outcome and time of the last request; null before the first.</summary>
    public WebhookAttempt? LastAnswer { get; init; }

    /// <summary>The time of the next retry; null when none is scheduled.</summary>
    public DateTimeOffset? NextTry { get; init; }
}

/// <summary>The outcome of a request: <c>200 OK</c>, or the reason why there was no response.</summary>
internal sealed record WebhookAttempt(string Reason, DateTimeOffset Time);
