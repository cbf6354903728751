using System.Buffers;
using ActorTrading.Calendars;
using ActorTrading.Domain.Plans;
using ActorTrading.Engine;
using ActorTrading.Engine.Auditing;
using ActorTrading.Host.Nodes;
using ActorTrading.Host.Web.Access;
using ActorTrading.Host.Web.Describing;
using ActorTrading.Host.Webhooks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ActorTrading.Host.Web.Endpoints;

/// <summary>Endpoints to read the plan and to change it while the node runs.</summary>
internal static class PlanEndpoints
{
    /// <summary>The responses to a plan that is not valid.</summary>
    internal static readonly Response[] BadPlan =
    [
        Response.Problem(400, "plan_refused: the plan is not valid; `errors` has every error."),
        Response.Problem(413, "too_large: more than 1 MiB."),
    ];

    /// <summary>A plan as a request body.</summary>
    internal static readonly Content[] PlanBody = [new("application/json", static () => Schema.Any.Is("A plan, see docs/plan.md."))];

    private static readonly Parameter Replaces =
        new("replaces", "The hash of the plan to be replaced; 409 plan_changed if another plan is in force.");

    /// <summary>Maps the endpoints.</summary>
    public static void Map(IEndpointRouteBuilder routes, Node node)
    {
        routes.MapGet("/plan", context => TellAsync(context, node)).Needs(Need.ReadAll).Describe(new Operation(
            "getPlan", "The plan in force and its hash.", Response.Json(nameof(Components.Plan), "The plan.")));
        routes.MapPut("/plan", context => ChangeAsync(context, node)).Needs(Need.Admin).Audits(AuditActions.PlanPut).Describe(
            new Operation(
                "putPlan", "Changes to another plan.",
            [
                Response.Json(nameof(Components.Plan), "The plan that is now in force. Every symbol uses it."),
                Response.Problem(
                    409,
                    "plan_changed: the plan in force is not that of `replaces`. plan_not_changed: the history cannot be folded with it, "
                    + "or a webhook needs a rule that it does not have."),
                .. BadPlan,
            ]) { Parameters = [Replaces], Body = PlanBody });
    }

    private static Task TellAsync(HttpContext context, Node node)
    {
        var plan = node.Plan;
        return Answer.JsonAsync(context, json =>
        {
            json.WriteString("hash", plan.Hash.ToString());
            json.WritePropertyName("plan");
            json.WriteRawValue(plan.ToJson());
        });
    }

    private static async Task ChangeAsync(HttpContext context, Node node)
    {
        var replaced = QueryReader.Text(context, Replaces.Name);
        if (await ReadPlanAsync(context, node) is not { } plan) return;
        if (replaced is not null && replaced != node.Plan.Hash.ToString())
        {
            await ConflictAsync(context, node.Plan);
            return;
        }

        // A caller that disconnects before the change is durable cancels it.
        var before = node.Plan.Hash.ToString();
        await node.Requests.ChangeAsync(
            context, plan.Hash.ToString(), () => ChangeAsync(node, plan, context.RequestAborted),
            after => [new("before", before), new("after", after)]);
        await TellAsync(context, node);
    }

    /// <returns>The hash of the plan in force after the change.</returns>
    private static async Task<string> ChangeAsync(Node node, Plan plan, CancellationToken cancellation)
    {
        try
        {
            await node.Changes.ChangePlanAsync(plan, cancellation);
            return node.Plan.Hash.ToString();
        }
        catch (Exception fault) when (fault is PlanChangeException or WebhookException)
        {
            throw new RequestFault(StatusCodes.Status409Conflict, "plan_not_changed", fault.Message);
        }
    }

    /// <summary>Reads the plan in the body. Null for an invalid plan: the error response is then written.</summary>
    internal static async Task<Plan?> ReadPlanAsync(HttpContext context, Node node)
    {
        var text = await ReadAsync(context);
        if (Plan.TryParse(text.Span, VenueCalendars.Source, out var plan, out var errors))
        {
            if (PlanMemory.CheckLimit(plan, node.Options.MaxSymbolBytes) is not { } refusal) return plan;
            errors = [refusal];
        }


        await RefuseAsync(context, errors);
        return null;
    }

    private static Task ConflictAsync(HttpContext context, Plan present) => Answer.ProblemAsync(
        context,
        StatusCodes.Status409Conflict,
        "plan_changed",
        $"The plan in force is now {present.Hash.Short}: another caller has changed it.",
        json => json.WriteString("hash", present.Hash.ToString()));

    private static async Task<ReadOnlyMemory<byte>> ReadAsync(HttpContext context)
    {
        var text = new ArrayBufferWriter<byte>();
        while (true)
        {
            var read = await context.Request.Body.ReadAsync(text.GetMemory(4_096), context.RequestAborted);
            if (read == 0) return text.WrittenMemory;
            text.Advance(read);
            if (text.WrittenCount > Plan.MaxLength)
                throw new RequestFault(StatusCodes.Status413PayloadTooLarge, "too_large", $"A plan has {Plan.MaxLength} bytes at most.");
        }
    }

    private static Task RefuseAsync(HttpContext context, IReadOnlyList<PlanError> errors) =>
        Answer.ProblemAsync(context, StatusCodes.Status400BadRequest, "plan_refused", string.Join('\n', errors), json =>
        {
            json.WriteStartArray("errors");
            foreach (var error in errors)
            {
                json.WriteStartObject();
                json.WriteString("path", error.Path);
                json.WriteString("message", error.Message);
                if (error is { Text: not null, Column: >= 0 })
                {
                    json.WriteString("text", error.Text);
                    json.WriteNumber("column", error.Column + 1);
                }

                if (error.IsKey) json.WriteBoolean("key", true);
                if (error.Position is { } position)
                {
                    json.WriteNumber("line", position.Line);
                    json.WriteNumber("byte", position.Byte);
                }

                json.WriteEndObject();
            }

            json.WriteEndArray();
        });
}
