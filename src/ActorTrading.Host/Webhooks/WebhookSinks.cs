using ActorTrading.Domain.Plans;
using ActorTrading.Engine;
using Microsoft.Extensions.Logging;

namespace ActorTrading.Host.Webhooks;

/// <summary>The webhooks of a node.</summary>
internal sealed class WebhookSinks : IAsyncDisposable
{
    private readonly List<WebhookSink> sinks = [];

    /// <summary>How they are doing, in the order of their names.</summary>
    public IReadOnlyList<WebhookStatus> Status => [.. sinks.Select(sink => sink.Status)];

    /// <summary>Begins all of them.</summary>
    /// <param name="folder">Where their positions and dead letters are kept.</param>
    /// <exception cref="WebhookException">One names a rule that the plan has not, or what it kept cannot be used.</exception>
    public static async Task<WebhookSinks> StartAsync(
        IReadOnlyList<WebhookOptions> all, IEngine engine, Func<long> lastSignal, string folder, ILogger logger)
    {
        var started = new WebhookSinks();
        try
        {
            foreach (var options in all)
            {
                Check(options, engine.Plan);
                started.sinks.Add(new WebhookSink(engine, lastSignal, options, folder, logger));
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

    /// <summary>Whether a plan has the rules that a webhook waits for.</summary>
    /// <exception cref="WebhookException">It has not.</exception>
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
