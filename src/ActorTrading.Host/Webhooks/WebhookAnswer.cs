namespace ActorTrading.Host.Webhooks;

/// <summary>What came of an attempt.</summary>
internal enum WebhookFate
{
    /// <summary>The other side has it.</summary>
    Delivered,

    /// <summary>It may have it later.</summary>
    TryAgain,

    /// <summary>It will never have it.</summary>
    Refused,
}

/// <summary>What came of an attempt, why, and how long the other side asks to be left alone.</summary>
internal readonly record struct WebhookAnswer(WebhookFate Fate, string Reason, TimeSpan? RetryAfter = null)
{
    private static readonly TimeSpan LongestRetryAfter = TimeSpan.FromDays(1);

    /// <summary>
    /// Reads an answer: 2xx has it; 4xx will never have it, but for 408 and 429, which ask for patience; anything else may change, a
    /// redirection included, which is never followed.
    /// </summary>
    public static WebhookAnswer Of(HttpResponseMessage response, DateTimeOffset now)
    {
        var status = (int)response.StatusCode;
        var reason = $"{status} {response.ReasonPhrase}".TrimEnd();
        if (status is >= 200 and < 300) return new(WebhookFate.Delivered, reason);
        if (status is >= 400 and < 500 and not 408 and not 429) return new(WebhookFate.Refused, reason);
        if (status is >= 300 and < 400) reason += " (redirections are not followed)";
        return new(WebhookFate.TryAgain, reason, RetryAfterOf(response, now));
    }

    /// <summary>The wait asked for, as seconds or as a date; no more than a day, for nobody means more.</summary>
    private static TimeSpan? RetryAfterOf(HttpResponseMessage response, DateTimeOffset now)
    {
        var asked = response.Headers.RetryAfter;
        var wait = asked?.Delta ?? asked?.Date - now;
        return wait is not { } some ? null : some < TimeSpan.Zero ? TimeSpan.Zero : some > LongestRetryAfter ? LongestRetryAfter : some;
    }
}
