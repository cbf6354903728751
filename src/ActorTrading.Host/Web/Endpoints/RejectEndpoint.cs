using System.Text.Json;
using ActorTrading.Domain.Admission;
using ActorTrading.Domain.Values;
using ActorTrading.Engine.Nodes;
using ActorTrading.Host.Nodes;
using ActorTrading.Host.Web.Access;
using ActorTrading.Host.Web.Describing;
using ActorTrading.Host.Web.Json;
using ActorTrading.Wire.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ActorTrading.Host.Web.Endpoints;

/// <summary>Endpoint of the latest rejected records, on any node of the cluster.</summary>
internal static class RejectEndpoint
{
    private static readonly NumberParameter Limit = new("limit", "The most rejections to list.", 1, 1_000, Default: 100);
    private static readonly Parameter FromSource = new("source", "Only of this source.");
    private static readonly Parameter ForReason = new("reason", "Only with this reason.")
    {
        Values = static () => RejectReasons.All.Select(reason => reason.Name()),
    };

    /// <summary>Maps the endpoint.</summary>
    public static void Map(IEndpointRouteBuilder routes, Node node) =>
        routes.MapGet("/rejects", context => RejectsAsync(context, node)).Needs(Need.ReadAll).Describe(new Operation(
            "getRejects", "The latest rejected input of every node, newest first.",
            Response.Json(nameof(Components.Rejects), "The rejections.")) { Parameters = [Limit, ForReason, FromSource] });

    private static async Task RejectsAsync(HttpContext context, Node node)
    {
        var filter = new RejectFilter((int)QueryReader.Number(context, Limit), ReasonOf(context), SourceOf(context));
        var (told, silent) = await node.Hosting!.RejectsAsync(node.Reporter, filter, context.RequestAborted);
        var newest = told.SelectMany(one => one.Rejects.Select(reject => (one.Node, Kept: reject)))
            .OrderByDescending(one => one.Kept.Reject.Time).ThenBy(one => one.Node, StringComparer.Ordinal)
            .ThenByDescending(one => one.Kept.Number).Take(filter.Limit).ToList();
        await Answer.JsonAsync(context, json =>
        {
            json.WriteStartArray("rejects");
            foreach (var (from, kept) in newest) Write(json, from, kept);
            json.WriteEndArray();
            json.WriteTexts("silent", silent);
        });
    }

    private static RejectReason? ReasonOf(HttpContext context)
    {
        if (QueryReader.Text(context, ForReason.Name) is not { } name) return null;
        var found = RejectReasons.All.Where(reason => reason.Name() == name).ToList();
        if (found.Count > 0) return found[0];
        var names = string.Join(", ", RejectReasons.All.Select(reason => reason.Name()));
        throw RequestFault.BadParameter(ForReason.Name, $"'{name}' is not one of {names}");
    }

    private static Source? SourceOf(HttpContext context)
    {
        if (QueryReader.Text(context, FromSource.Name) is not { } name) return null;
        return Source.TryParse(name, out var source) ? source : throw RequestFault.BadParameter(FromSource.Name, $"not a source: '{name}'");
    }

    private static void Write(Utf8JsonWriter json, string node, KeptReject kept)
    {
        json.WriteStartObject();
        json.WriteString("node", node);
        json.WriteNumber("number", kept.Number);
        RejectsJson.Write(json, kept.Reject, isWhole: true);
        json.WriteEndObject();
    }
}
