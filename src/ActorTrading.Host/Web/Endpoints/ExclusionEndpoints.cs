using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using ActorTrading.Domain.Admission;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;
using ActorTrading.Engine.Auditing;
using ActorTrading.Engine.Excluding;
using ActorTrading.Host.Nodes;
using ActorTrading.Host.Web.Access;
using ActorTrading.Host.Web.Describing;
using ActorTrading.Host.Web.Json;
using ActorTrading.Wire.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ActorTrading.Host.Web.Endpoints;

/// <summary>Endpoints of exclusions: accepted records that an operator removes from the state.</summary>
internal static class ExclusionEndpoints
{
    private const int MaxBytes = 64 << 10;

    private static readonly NumberParameter Id = new("number", "The number of the exclusion.", 1);

    private static readonly Response EventsDeleted =
        Response.Problem(410, "events_deleted: the first events of the symbol were deleted, so it cannot be folded again.");

    /// <summary>Maps the endpoints.</summary>
    public static void Map(IEndpointRouteBuilder routes, Node node)
    {
        routes.MapGet("/symbols/{symbol}/exclusions", context => ListAsync(context, node)).Needs(Need.ReadSymbol).Describe(new Operation(
            "getExclusions", "The exclusions in force of a symbol.",
            Response.Json(nameof(Components.Exclusions), "The exclusions.")));
        routes.MapPost("/symbols/{symbol}/exclusions", context => ExcludeAsync(context, node)).Needs(Need.Admin)
            .Audits(AuditActions.ExclusionsAdd).Describe(new Operation(
                "addExclusion", "Excludes accepted records from the state: by id, by source, or by a span of exchange time.",
                Response.Json(nameof(Components.ExclusionOutcome), "The exclusion of these records, and the signals that it changed."),
                Response.Problem(400, "bad_exclusion: the body names no records."),
                Response.Problem(404, "unknown_symbol or no_such_record: no accepted record matches."),
                Response.Problem(409, "ambiguous_id or too_many_exclusions."),
                EventsDeleted,
                Response.Problem(413, "too_large: more than 64 KiB.")) { Body = [Content.Json(nameof(Components.ExclusionRequest))] });
        routes.MapDelete("/symbols/{symbol}/exclusions/{number}", context => IncludeAsync(context, node)).Needs(Need.Admin)
            .Audits(AuditActions.ExclusionsRemove).Describe(new Operation(
                "removeExclusion", "Ends an exclusion: its records count again.",
                Response.Json(nameof(Components.ExclusionOutcome), "The ended exclusion, and the signals that this changed."),
                Response.Problem(404, "unknown_exclusion: no exclusion in force has this number."),
                EventsDeleted) { Parameters = [Id] });
    }

    private static Task ListAsync(HttpContext context, Node node)
    {
        var symbol = QueryReader.Symbol(context);
        var exclusions = node.Plan.For(symbol).Exclusions;
        return Answer.JsonAsync(context, json =>
        {
            json.WriteString("symbol", symbol.Name);
            json.WriteStartArray("exclusions");
            foreach (var exclusion in exclusions?.All ?? []) ExclusionJson.Write(json, exclusion);
            json.WriteEndArray();
        });
    }

    private static async Task ExcludeAsync(HttpContext context, Node node)
    {
        var symbol = QueryReader.Symbol(context);
        var readings = await ReadAsync(context);
        await AnswerAsync(
            context, node, symbol,
            () => node.Changes.ExcludeAsync(symbol, new ExclusionRequest(readings, NameOf(context)), context.RequestAborted));
    }

    private static async Task IncludeAsync(HttpContext context, Node node)
    {
        var symbol = QueryReader.Symbol(context);
        if (!long.TryParse(context.Request.RouteValues[Id.Name]?.ToString(), out var number) || number < 1)
            throw RequestFault.BadParameter(Id.Name, "the number of an exclusion, as GET lists it");
        await AnswerAsync(context, node, symbol, () => node.Changes.IncludeAsync(symbol, number, NameOf(context), context.RequestAborted));
    }

    private static async Task AnswerAsync(HttpContext context, Node node, Symbol symbol, Func<Task<ExclusionOutcome>> change)
    {
        var outcome = await node.Requests.ChangeAsync(context, symbol.Name, () => ChangeAsync(change), outcome =>
        [
            new("exclusion", outcome.Exclusion.Number.ToString(CultureInfo.InvariantCulture)),
            new("filter", outcome.Exclusion.Filter.ToString()),
            new("records", outcome.Exclusion.Records.ToString(CultureInfo.InvariantCulture)),
            new("changed", outcome.IsChanged ? "true" : "false"),
        ]);
        await Answer.JsonAsync(context, json => ExclusionJson.Write(json, outcome));
    }

    private static async Task<ExclusionOutcome> ChangeAsync(Func<Task<ExclusionOutcome>> change)
    {
        try
        {
            return await change();
        }
        catch (ExclusionException refused)
        {
            throw refused.Error switch
            {
                ExclusionError.UnknownSymbol => new RequestFault(StatusCodes.Status404NotFound, "unknown_symbol", refused.Message),
                ExclusionError.NoSuchRecord => new RequestFault(StatusCodes.Status404NotFound, "no_such_record", refused.Message),
                ExclusionError.UnknownExclusion => new RequestFault(StatusCodes.Status404NotFound, "unknown_exclusion", refused.Message),
                ExclusionError.AmbiguousId => new RequestFault(StatusCodes.Status409Conflict, "ambiguous_id", refused.Message),
                _ => new RequestFault(StatusCodes.Status409Conflict, "too_many_exclusions", refused.Message),
            };
        }
    }

    private static string NameOf(HttpContext context) => Caller.Required(context).Grant?.Name ?? "";

    internal static async Task<IReadOnlyList<RecordFilter>> ReadAsync(HttpContext context)
    {
        var text = new ArrayBufferWriter<byte>();
        while (true)
        {
            var read = await context.Request.Body.ReadAsync(text.GetMemory(4_096), context.RequestAborted);
            if (read == 0) break;
            text.Advance(read);
            if (text.WrittenCount > MaxBytes)
                throw new RequestFault(StatusCodes.Status413PayloadTooLarge, "too_large", $"An exclusion has {MaxBytes} bytes at most.");
        }

        try
        {
            using var document = JsonDocument.Parse(text.WrittenMemory);
            return document.RootElement.ValueKind == JsonValueKind.Object ? Read(document.RootElement) : throw Bad("an object is expected");
        }
        catch (JsonException exception)
        {
            throw Bad($"not JSON: {exception.Message}");
        }
        catch (InvalidOperationException)
        {
            // JsonDocument accepts a text with invalid Unicode, such as an unpaired surrogate, but fails when the text is read.
            throw Bad("a text in it is not valid Unicode");
        }
    }

    private static IReadOnlyList<RecordFilter> Read(JsonElement body)
    {
        IReadOnlyList<RecordFilter>? byId = null;
        var filter = default(RecordFilter);
        foreach (var member in body.EnumerateObject())
        {
            switch (member.Name)
            {
                case "id":
                    byId = ExclusionRequest.ParseId(member.Value.ToString())
                        ?? throw Bad($"id: '{member.Value}' is not an id; use source:seq or source:epoch:seq");
                    break;
                case "source":
                    filter = filter with
                    {
                        Source = Source.TryParse(member.Value.ToString(), out var source)
                            ? source
                            : throw Bad($"source: '{member.Value}' is not a source"),
                    };
                    break;
                case "epoch": filter = filter with { Epoch = Number(member) }; break;
                case "seq": filter = filter with { Seq = Number(member) }; break;
                case "from": filter = filter with { From = Time(member) }; break;
                case "to": filter = filter with { To = Time(member) }; break;
                default: throw Bad($"'{member.Name}' is unknown; members are id, source, epoch, seq, from, to");
            }
        }

        if (byId is not null)
            return filter == default ? byId : throw Bad("id cannot be combined with source, epoch, seq, from, to");
        if (filter.Source is null && filter is not { Epoch: null, Seq: null }) throw Bad("epoch and seq require a source");
        if (filter is { From: { } from, To: { } to } && from >= to) throw Bad("from must be before to");
        return filter == default ? throw Bad("no records are selected; give id, source, or a range with from and to") : [filter];
    }

    private static long Number(JsonProperty member) =>
        member.Value.ValueKind == JsonValueKind.Number && member.Value.TryGetInt64(out var number) && number >= 0
            ? number
            : throw Bad($"{member.Name}: '{member.Value}' is not a whole number from 0");

    private static Timestamp Time(JsonProperty member) =>
        TimeText.TryParse(Encoding.UTF8.GetBytes(member.Value.ToString()), InputZone.Utc, out var nanoseconds) == RejectReason.None
            ? new Timestamp(nanoseconds)
            : throw Bad($"{member.Name}: '{member.Value}' is not a time; ISO 8601 or a number since 1970");

    private static RequestFault Bad(string problem) => new(StatusCodes.Status400BadRequest, "bad_exclusion", problem);
}
