using System.Buffers;
using System.Globalization;
using System.Net;
using System.Text;
using ActorTrading.Domain.Values;
using ActorTrading.Engine.Ingest;
using ActorTrading.Host.Nodes;
using ActorTrading.Host.Nodes.Engines;
using ActorTrading.Host.Web.Access;
using ActorTrading.Host.Web.Describing;
using ActorTrading.Host.Web.Ingest;
using ActorTrading.Wire.Files;
using ActorTrading.Wire.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ActorTrading.Host.Web.Endpoints;

/// <summary>Endpoint for ticks over HTTP. Responds when the accepted records are durable.</summary>
internal sealed class IngestEndpoint
{
    private const int BufferLength = 64 * 1024;
    private const int LongestDocument = 4 * 1024 * 1024;
    private const int MaxReversed = 250_000; // about 30 MB

    private static readonly Parameter[] Parameters =
    [
        new("source", "The source of records without one; also as the header X-Source."),
        new NumberParameter("epoch", "The epoch of records without one; also as the header X-Epoch.", Default: 0),
        new("symbol", "The symbol of records without one; also as the header X-Symbol."),
        new("zone", "The time zone of times without one, such as Europe/Berlin; UTC by default. Also as the header X-Zone."),
        new("frame", "The frame of bars without one, such as 5min; detected by default. Also as the header X-Frame."),
        new("time_unit", "The unit of numeric times; detected by default. Also as the header X-Time-Unit.")
        {
            Values = static () => TimeUnits.All.Select(unit => unit.Name()),
        },
    ];

    private readonly Node node;
    private readonly SymbolTable symbols;
    private readonly SourceTable sources;

    private IngestEndpoint(Node node)
    {
        this.node = node;
        symbols = new SymbolTable(node.Options.Intake.NamesKept);
        sources = new SourceTable(node.Options.Intake.NamesKept);
    }

    /// <summary>Maps the endpoint, also at the root path, which older clients use.</summary>
    public static void Map(IEndpointRouteBuilder routes, Node node)
    {
        var endpoint = new IngestEndpoint(node);
        routes.MapPost("/ingest", endpoint.TakeAsync).Needs(Need.Send).Of(Role.Ingest).Describe(Described("ingest"));
        routes.MapPost("/", endpoint.TakeAsync).Needs(Need.Send).Of(Role.Ingest).Describe(Described("ingestAtRoot"));
    }

    private static Operation Described(string id) => new(
        id, "Accepts records; answers when they are durable.",
        Response.Json(nameof(Components.IngestResult), "The counts, and the first rejections."),
        Response.Json(nameof(Components.IngestResult), "Every record was rejected.", 422),
        Response.Problem(
            429, "The caller's quota of records per second is used up. The counts are those of the accepted part; send the rest "
            + "after Retry-After."),
        Response.Problem(503, "The node accepts no records now. With disk_low, the counts are those of the accepted part."))
    {
        Parameters = Parameters,
        Body = [new("application/json", static () => Schema.Record), Content.Text("application/x-ndjson"), Content.Text("text/csv")],
    };

    private async Task TakeAsync(HttpContext context)
    {
        if (node.Phase == NodePhase.Draining) throw new RequestFault(503, "shutting_down", "The node is being stopped.");
        if (node.Disk.IsLow) throw RequestIntake.DiskLow();
        var options = OptionsOf(context.Request);
        var peer = new IPEndPoint(context.Connection.RemoteIpAddress ?? IPAddress.None, context.Connection.RemotePort);
        var intake = new RequestIntake(
            node.Ingest.Running, options, new Sender("http", peer.ToString(), options.Source!, Caller.Required(context).Grant));
        RequestFault? fault = null;
        try
        {
            await ReadAsync(context, intake);
        }
        catch (InputException exception) when (exception.IsEmpty && intake.Result.Received == 0)
        {
            fault = new RequestFault(400, "empty", $"{exception.Message}; curl -d strips line ends, --data-binary does not");
        }
        catch (InputException exception)
        {
            fault = new RequestFault(400, "bad_format", exception.Message);
        }
        catch (RequestFault exception)
        {
            fault = exception;
        }
        catch (BadHttpRequestException exception) when (exception.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            fault = TooLarge();
        }

        // Records before an error were accepted; the response contains their counts.
        await intake.FlushAsync(context.RequestAborted);
        fault = intake.Fault ?? fault;
        if (intake.RetryAfter > TimeSpan.Zero)
            context.Response.Headers.RetryAfter = Math.Ceiling(intake.RetryAfter.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        if (fault is not null) await Answer.ProblemAsync(context, fault.Status, fault.Code, fault.Message, intake.Result.Write);
        else
        {
            await Answer.JsonAsync(
                context, intake.Result.Write, intake.Result.IsRefused ? StatusCodes.Status422UnprocessableEntity : StatusCodes.Status200OK);
        }
    }

    private async Task ReadAsync(HttpContext context, RequestIntake intake)
    {
        var request = context.Request;
        var buffer = ArrayPool<byte>.Shared.Rent((int)Math.Clamp(request.ContentLength ?? BufferLength, 4096, BufferLength));
        try
        {
            await using var body = BodyOf(request);
            var length = 0L;
            for (int read; (read = await body.ReadAsync(buffer, context.RequestAborted)) > 0;)
            {
                length += read;
                if (length > node.Options.Web.MaxRequestBytes) throw TooLarge();
                await intake.FeedAsync(buffer.AsMemory(0, read), context.RequestAborted);
            }

            intake.Complete();
        }
        catch (Exception exception) when (exception is InvalidDataException or EndOfStreamException)
        {
            throw new RequestFault(400, "bad_format", "The gzip body is damaged or truncated.");
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static Stream BodyOf(HttpRequest request)
    {
        var encoding = request.Headers.ContentEncoding.ToString();
        return encoding.ToLowerInvariant() switch
        {
            "" or "identity" => request.Body,
            "gzip" or "x-gzip" => new GzipReader(request.Body),
            _ => throw new RequestFault(415, "unknown_encoding", $"Content-Encoding: '{encoding}' is not supported; gzip is."),
        };
    }

    private ReadOptions OptionsOf(HttpRequest request)
    {
        var source = Source.Anonymous;
        if (Given(request, "source", "X-Source") is { } name && !Source.TryParse(name, out source!))
            throw RequestFault.BadParameter("source", "1 to 64 printable ASCII characters without quotes and backslashes");
        var epoch = 0L;
        if (Given(request, "epoch", "X-Epoch") is { } number
            && !long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out epoch))
            throw RequestFault.BadParameter("epoch", "a whole number, 0 or more");
        TimeUnit? unit = null;
        if (Given(request, "time_unit", "X-Time-Unit") is { } unitName)
        {
            if (!TimeUnits.TryParse(unitName, out var known))
                throw RequestFault.BadParameter("time_unit", $"one of {string.Join(", ", TimeUnits.All.Select(each => each.Name()))}");
            unit = known;
        }

        return new ReadOptions
        {
            Source = source,
            LongestDocument = LongestDocument,
            MaxReversed = MaxReversed,
            Parser = OfBody(request, new ParserOptions { DefaultEpoch = epoch, TimeUnit = unit, Symbols = symbols, Sources = sources }),
        };
    }

    /// <summary>Adds the query parameters that complete the records of the body.</summary>
    private ParserOptions OfBody(HttpRequest request, ParserOptions options)
    {
        if (Given(request, "symbol", "X-Symbol") is { } name)
        {
            if (!symbols.TryGet(Encoding.UTF8.GetBytes(name), out var symbol))
                throw RequestFault.BadParameter("symbol", "a symbol as in docs/formats.md");
            options = options with { DefaultSymbol = symbol };
        }

        if (Given(request, "zone", "X-Zone") is { } zoneName)
        {
            if (!InputZone.TryParse(zoneName, out var zone))
                throw RequestFault.BadParameter("zone", "a time zone such as Europe/Berlin or -05:00");
            options = options with { Zone = zone };
        }

        if (Given(request, "frame", "X-Frame") is not { } frameName) return options;
        if (!KindNames.TryParseFrame(Encoding.UTF8.GetBytes(frameName), out var frame))
            throw RequestFault.BadParameter("frame", "a frame such as 5min, or tick for none");
        return options with { BarFrame = frame, IsBarFrameGiven = true };
    }

    private static string? Given(HttpRequest request, string query, string header) =>
        request.Query.TryGetValue(query, out var value) || request.Headers.TryGetValue(header, out value) ? value.ToString() : null;

    private RequestFault TooLarge() => new(413, "too_large", $"The body is longer than {node.Options.Web.MaxRequestBytes} bytes.");
}
