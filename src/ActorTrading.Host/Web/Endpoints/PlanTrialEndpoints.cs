using System.Globalization;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Values;
using ActorTrading.Engine;
using ActorTrading.Engine.DryRuns;
using ActorTrading.Host.Nodes;
using ActorTrading.Host.Web.Access;
using ActorTrading.Host.Web.Describing;
using ActorTrading.Host.Web.Json;
using ActorTrading.Host.Web.Queries;
using ActorTrading.Host.Webhooks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ActorTrading.Host.Web.Endpoints;

/// <summary>Endpoints to try another plan. They change nothing.</summary>
internal sealed class PlanTrialEndpoints
{
    private const int AtOnce = 1;
    private const int MaxSeconds = 60;
    private const int MaxListed = 500;

    private static readonly TimeSpan LookAtEvents = TimeSpan.FromSeconds(30);

    private static readonly Parameter Symbols =
        new("symbols", $"Symbols, separated by commas; by default all that the caller may see, at most {DryRunRequest.MaxSymbols}.");

    private static readonly Parameter From = new("from", "Signals before this moment are not compared.");

    private static readonly NumberParameter Records =
        new("records", "The most records of a symbol to fold: the last ones.", 1, DryRunRequest.MaxRecords, DryRunRequest.DefaultRecords);

    private static readonly NumberParameter Seconds = new("seconds", "Time limit; the answer has the results so far.", 1, MaxSeconds, 20);
    private static readonly NumberParameter Limit = new("limit", "The most signals to list.", 0, MaxListed, 200);

    private readonly Node node;
    private int running;
    private (DateTimeOffset At, IReadOnlyList<Symbol> Symbols)? withoutFirstEvent;

    private PlanTrialEndpoints(Node node) => this.node = node;

    /// <summary>Maps the endpoints.</summary>
    public static void Map(IEndpointRouteBuilder routes, Node node)
    {
        var endpoints = new PlanTrialEndpoints(node);
        routes.MapPost("/plan/check", endpoints.CheckAsync).Needs(Need.ReadSome).IsQuery().Describe(new Operation(
            "checkPlan", "Whether a plan is valid, its frames, indicators and rules, and whether it could be put in force now.",
            [Response.Json(nameof(Components.PlanCheck), "It is valid."), .. PlanEndpoints.BadPlan]) { Body = PlanEndpoints.PlanBody });
        routes.MapPost("/plan/dry-run", endpoints.DryRunAsync).Needs(Need.ReadSome).IsQuery(more: TimeSpan.FromSeconds(MaxSeconds))
            .Describe(new Operation(
                "dryRunPlan", "Folds the recent past with a plan and with the plan in force: which signals come, go, stay or move.",
            [
                Response.Json(nameof(Components.DryRun), "The differences that were found."),
                Response.Problem(429, $"busy: another dry run is running on this node. Or {OpenApiGenerator.TooManyQueries}"),
                .. PlanEndpoints.BadPlan,
            ]) { Parameters = [Symbols, From, Records, Seconds, Limit], Body = PlanEndpoints.PlanBody });
    }

    private async Task CheckAsync(HttpContext context)
    {
        if (await PlanEndpoints.ReadPlanAsync(context, node) is not { } plan) return;
        var obstacles = await ObstaclesAsync(context, plan);
        await Answer.JsonAsync(context, json => PlanCheckJson.Write(json, plan, node.Plan, obstacles));
    }

    /// <summary>The obstacles to putting a plan in force now, for this caller.</summary>
    private async Task<IReadOnlyList<PlanObstacle>> ObstaclesAsync(HttpContext context, Plan plan)
    {
        var caller = Caller.Required(context);
        if (!caller.May(Need.Admin, context))
            return [new PlanObstacle("not_allowed", $"The access rules do not allow {caller.Grant?.Name} to change the plan.")];
        var obstacles = new List<PlanObstacle>();
        try
        {
            foreach (var webhook in node.Options.Webhooks) WebhookSinks.Check(webhook, plan);
        }
        catch (WebhookException missing)
        {
            obstacles.Add(new PlanObstacle("webhook_rule_missing", missing.Message));
        }

        var (present, gone) = (node.Plan, await WithoutFirstEventAsync(context.RequestAborted));
        var next = plan.WithExclusionsOf(present);
        var changed = gone.Where(symbol => next.For(symbol).Hash != present.For(symbol).Hash).ToList();
        if (changed.Count > 0)
        {
            var detail = $"The history cannot be replayed with this plan: the first events of {changed[0]} were deleted.";
            obstacles.Add(new PlanObstacle("events_deleted", detail));
        }

        return obstacles;
    }

    /// <summary>
    /// Symbols whose first event was deleted. Queried at most every 30 seconds, because the plan is checked while a user types.
    /// </summary>
    private async Task<IReadOnlyList<Symbol>> WithoutFirstEventAsync(CancellationToken cancellation)
    {
        var now = node.Options.Time.GetUtcNow();
        if (withoutFirstEvent is { } known && now - known.At < LookAtEvents) return known.Symbols;
        var found = await node.Journal.Past.WithoutFirstEventAsync(cancellation);
        cancellation.ThrowIfCancellationRequested();
        withoutFirstEvent = (now, found);
        return found;
    }

    private async Task DryRunAsync(HttpContext context)
    {
        var caller = Caller.Required(context);
        var asked = QueryReader.Symbols(context, Symbols.Name);
        caller.MustRead(asked ?? Enumerable.Empty<Symbol>());
        var from = QueryReader.Time(context, From.Name) ?? Timestamp.MinValue;
        var records = QueryReader.Number(context, Records);
        var seconds = QueryReader.Number(context, Seconds);
        var listed = (int)QueryReader.Number(context, Limit);
        if (await PlanEndpoints.ReadPlanAsync(context, node) is not { } plan) return;
        if (Interlocked.Increment(ref running) > AtOnce)
        {
            Interlocked.Decrement(ref running);
            context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
            throw new RequestFault(StatusCodes.Status429TooManyRequests, "busy", "Another dry run is in progress on this node.");
        }

        try
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, node.Stopping);
            var known = await node.Journal.Past.SymbolsAsync(either.Token);
            var visible = known.Where(symbol => asked?.Contains(symbol) ?? caller.MayRead(symbol)).ToList();
            var request = new DryRunRequest(plan, [.. visible.Take(DryRunRequest.MaxSymbols)])
            {
                From = from, Records = records, TimeLimit = TimeSpan.FromSeconds(seconds), Listed = listed,
            };
            var report = await node.Journal.Past.DryRunAsync(request, either.Token);
            await Answer.JsonAsync(context, json => DryRunJson.Write(json, report, visible.Count - request.Symbols.Count));
        }
        catch (OperationCanceledException) when (!context.RequestAborted.IsCancellationRequested)
        {
            throw new EngineStoppedException("The node is being stopped.");
        }
        finally
        {
            Interlocked.Decrement(ref running);
        }
    }
}
