namespace ActorTrading.Host.Webhooks;

/// <summary>The outcome of a delivery attempt.</summary>
internal enum WebhookFate
{
    /// <summary>The receiver has accepted the signal.</summary>
    Delivered,

    /// <summary>The attempt failed; retry later.</summary>
    TryAgain,

    /// <summary>The receiver rejects the signal permanently.</summary>
    Refused,
}

/// <summary>The outcome of a delivery attempt, its reason, and the retry delay that the receiver requested.</summary>
internal readonly record struct WebhookAnswer(WebhookFate Fate, string Reason, TimeSpan? RetryAfter = null)
{
    private static readonly TimeSpan LongestRetryAfter = TimeSpan.FromDays(1);

    /// <summary>
    /// Interprets a response. 2xx: delivered. 4xx: rejected permanently, except 408 and 429, which are retried. Everything else is retried,
    /// including redirects, which are never followed.
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

    /// <summary>The requested retry delay, from seconds or a date, limited to one day because longer delays are not realistic.</summary>
    private static TimeSpan? RetryAfterOf(HttpResponseMessage response, DateTimeOffset now)
    {
        var asked = response.Headers.RetryAfter;
        var wait = asked?.Delta ?? asked?.Date - now;
        return wait is not { } some ? null : some < TimeSpan.Zero ? TimeSpan.Zero : some > LongestRetryAfter ? LongestRetryAfter : some;
    }
}
