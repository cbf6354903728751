using System.Text.RegularExpressions;
using ActorTrading.Domain.Signals;
using ActorTrading.Domain.Values;

namespace ActorTrading.Host.Webhooks;

/// <summary>One webhook: where its signals go, which they are, and how patient it is. Described in docs/webhooks.md.</summary>
internal sealed partial record WebhookOptions
{
    /// <summary>
    /// What people and files call it: 1 to 64 of <c>a-z 0-9 - _</c>. The position that it has come to is kept under this name.
    /// </summary>
    public required string Name { get; init; }

    /// <summary>Where signals are posted, by http or https. May hold a secret in its path: only its host is ever shown.</summary>
    public required Uri Url { get; init; }

    /// <summary>Symbols whose signals are wanted; null for all.</summary>
    public IReadOnlySet<Symbol>? Symbols { get; init; }

    /// <summary>Names of the rules whose signals are wanted; null for all.</summary>
    public IReadOnlySet<string>? Rules { get; init; }

    /// <summary>What the signals wanted ask to do; null for all.</summary>
    public IReadOnlySet<SignalAction>? Actions { get; init; }

    /// <summary>What requests are signed with; null: they are not signed.</summary>
    public WebhookSecret? Secret { get; init; }

    /// <summary>Whether a webhook that is new begins with the first signal of the log, and not with those to come.</summary>
    public bool FromFirst { get; init; }

    /// <summary>How long a request may take, its answer's headers included.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The first wait after a failure; each further one doubles it.</summary>
    public TimeSpan FirstWait { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest wait between two attempts, unless the other side asks for a longer one.</summary>
    public TimeSpan LongestWait { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>The size at which the file of dead letters is set aside and a new one begun, in bytes. One is kept aside.</summary>
    public long DeadLetterBytes { get; init; } = 64L << 20;

    /// <summary>Scheme and host, for logs: paths and queries of webhooks are often secrets.</summary>
    public string Host => Url.GetLeftPart(UriPartial.Authority);

    /// <summary>Whether it wants that signal. A withdrawal goes to whoever the signal may have gone to.</summary>
    public bool Wants(Signal signal) =>
        (Symbols is null || Symbols.Contains(signal.Symbol))
        && (Rules is null || Rules.Contains(signal.RuleName))
        && (Actions is null || signal.Action == SignalAction.Withdrawn || Actions.Contains(signal.Action));

    /// <summary>What is wrong with it; null when nothing is.</summary>
    public string? Problem()
    {
        if (!NamePattern().IsMatch(Name)) return $"'{Name}' is no name of a webhook; it is 1 to 64 of a-z, 0-9, - and _";
        if (!Url.IsAbsoluteUri || Url.Scheme is not ("http" or "https")) return "the url has to begin with http:// or https://";
        if (Url.UserInfo.Length > 0) return "the url holds a user or password, which do not belong there";
        if (Timeout <= TimeSpan.Zero || FirstWait <= TimeSpan.Zero || LongestWait < FirstWait)
            return "times have to be above zero, and the longest wait not below the first";
        return null;
    }

    [GeneratedRegex("^[a-z0-9_-]{1,64}$")]
    private static partial Regex NamePattern();
}
