using System.Text.RegularExpressions;
using ActorTrading.Domain.Signals;
using ActorTrading.Domain.Values;

namespace ActorTrading.Host.Webhooks;

/// <summary>Options of one webhook: its target, its filter of signals, and its retries. See docs/webhooks.md.</summary>
internal sealed partial record WebhookOptions
{
    /// <summary>The name of the webhook: 1 to 64 of <c>a-z 0-9 - _</c>. Its position is stored under this name.</summary>
    public required string Name { get; init; }

    /// <summary>The http or https URL that signals are posted to. The path may contain a secret: only the host is ever shown.</summary>
    public required Uri Url { get; init; }

    /// <summary>Symbols whose signals are delivered; null for all.</summary>
    public IReadOnlySet<Symbol>? Symbols { get; init; }

    /// <summary>Names of the rules whose signals are delivered; null for all.</summary>
    public IReadOnlySet<string>? Rules { get; init; }

    /// <summary>Actions whose signals are delivered; null for all.</summary>
    public IReadOnlySet<SignalAction>? Actions { get; init; }

    /// <summary>The key that signs requests; null: requests are not signed.</summary>
    public WebhookSecret? Secret { get; init; }

    /// <summary>Whether a new webhook starts with the first signal of the log, instead of with new signals only.</summary>
    public bool FromFirst { get; init; }

    /// <summary>Timeout of a request, up to the headers of its response.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The first retry delay; it doubles with each further failure.</summary>
    public TimeSpan FirstWait { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The maximum retry delay, unless the receiver requests a longer one.</summary>
    public TimeSpan LongestWait { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// Size limit of the dead-letter file in bytes. A full file is renamed and a new one is started; one renamed file is kept.
    /// </summary>
    public long DeadLetterBytes { get; init; } = 64L << 20;

    /// <summary>Scheme and host, for logs. Paths and queries of webhook URLs are often secret.</summary>
    public string Host => Url.GetLeftPart(UriPartial.Authority);

    /// <summary>Whether a signal matches the filter. A withdrawal matches when the withdrawn signal may have matched.</summary>
    public bool Wants(Signal signal) =>
        (Symbols is null || Symbols.Contains(signal.Symbol))
        && (Rules is null || Rules.Contains(signal.RuleName))
        && (Actions is null || signal.Action == SignalAction.Withdrawn || Actions.Contains(signal.Action));

    /// <summary>The error in the options; null when they are valid.</summary>
    public string? Problem()
    {
        if (!NamePattern().IsMatch(Name)) return $"'{Name}' is not a webhook name; valid are 1 to 64 of a-z, 0-9, - and _";
        if (!Url.IsAbsoluteUri || Url.Scheme is not ("http" or "https")) return "the url has to begin with http:// or https://";
        if (Url.UserInfo.Length > 0) return "the url must not contain a user or password";
        if (Timeout <= TimeSpan.Zero || FirstWait <= TimeSpan.Zero || LongestWait < FirstWait)
            return "times must be above zero, and the longest wait must not be below the first";
        return null;
    }

    [GeneratedRegex("^[a-z0-9_-]{1,64}$")]
    private static partial Regex NamePattern();
}
