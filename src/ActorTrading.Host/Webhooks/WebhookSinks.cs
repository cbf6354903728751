using ActorTrading.Domain.Plans;

namespace ActorTrading.Host.Webhooks;

/// <summary>The webhooks of a node.</summary>
internal sealed class WebhookSinks : IAsyncDisposable
{
    private readonly List<WebhookSink> sinks = [];

    /// <summary>The status of each webhook, ordered by name.</summary>
    public IReadOnlyList<WebhookStatus> Status => [.. sinks.Select(sink => sink.Status)];

    /// <summary>Starts all webhooks.</summary>
    /// <exception cref="WebhookException">A webhook names a rule that is not in the plan, or its stored files are unusable.</exception>
    public static async Task<WebhookSinks> StartAsync(IReadOnlyList<WebhookOptions> all, WebhookContext context)
    {
        var started = new WebhookSinks();
        try
        {
            foreach (var options in all)
            {
                Check(options, context.Engine.Plan);
                started.sinks.Add(new WebhookSink(options, context));
            }
        }
        catch
        {
            await started.DisposeAsync();
            throw;
        }

        return started;
    }

    /// <summary>Stops all of them.</summary>
    public async ValueTask DisposeAsync() => await Task.WhenAll(sinks.Select(sink => sink.DisposeAsync().AsTask()));

    /// <summary>Checks that a plan contains the rules that a webhook names.</summary>
    /// <exception cref="WebhookException">The plan does not contain one of the rules.</exception>
    public static void Check(WebhookOptions options, Plan plan)
    {
        if (options.Rules is not { } rules) return;
        var known = plan.Overrides.Values.Append(plan.Settings).SelectMany(settings => settings.Rules).Select(rule => rule.Name)
            .ToHashSet(StringComparer.Ordinal);
        foreach (var name in rules)
        {
            if (!known.Contains(name)) throw new WebhookException($"webhook {options.Name}: the plan has no rule '{name}'");
        }
    }
}
