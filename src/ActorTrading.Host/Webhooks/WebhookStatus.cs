namespace ActorTrading.Host.Webhooks;

/// <summary>
/// How a webhook is doing: the position that it has come to, signals of the log behind that, requests sent, those that failed, signals
/// delivered and given up, positions that could not be written down, and what is wrong now (null when nothing is).
/// </summary>
internal sealed record WebhookStatus(
    string Name, string Host, long Position, long Waiting, long Attempts, long Failures, long Delivered, long DeadLetters,
    long CursorFailures,
    string? Fault)
{
    /// <summary>Which signals it wants, and where they go. Its address is not to be shown.</summary>
    public required WebhookOptions Wanted { get; init; }

    /// <summary>What came of the last request and when; null before the first.</summary>
    public WebhookAttempt? LastAnswer { get; init; }

    /// <summary>When the next request is due after one that failed; null while none is.</summary>
    public DateTimeOffset? NextTry { get; init; }
}

/// <summary>What came of a request: <c>200 OK</c>, or what kept it from being answered.</summary>
internal sealed record WebhookAttempt(string Reason, DateTimeOffset Time);
