using ActorTrading.Engine;
using ActorTrading.Engine.Auditing;
using ActorTrading.Engine.History;
using ActorTrading.Engine.Ingest.Accounting;
using ActorTrading.Engine.Journal;
using ActorTrading.Engine.Recovering;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace ActorTrading.Host.Web;

/// <summary>Converts every exception of a request to an error response.</summary>
internal static class Faults
{
    /// <summary>Serves the request, or writes the error response.</summary>
    public static async Task AnswerAsync(HttpContext context, RequestDelegate next)
    {
        var (status, code, detail) = (0, "", "");
        try
        {
            await next(context);
            (status, code) = (context.Response.StatusCode, CodeOf(context.Response.StatusCode));
            if (status < 400 || context.Response.HasStarted || context.Response.ContentType is not null) return;
            detail = $"{context.Request.Method} {context.Request.Path}: {ReasonPhrases.GetReasonPhrase(status).ToLowerInvariant()}.";
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            return; // the client has disconnected
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            (status, code, detail) = Read(fault);
        }

        if (context.Response.HasStarted) context.Abort(); // a partial response must not look complete
        else await Answer.ProblemAsync(context, status, code, detail);
    }

    /// <summary>The status, code and text of the error response for an exception.</summary>
    public static (int Status, string Code, string Detail) Read(Exception exception) => exception switch
    {
        RequestFault fault => (fault.Status, fault.Code, fault.Message),
        BadHttpRequestException fault => (fault.StatusCode, CodeOf(fault.StatusCode), fault.Message),
        EngineStoppedException => (503, "engine_stopped", exception.Message),
        QuarantineException => (503, "quarantine_unavailable", exception.Message),
        AuditException => (503, "audit_unavailable", exception.Message),
        EventsDeletedException => (410, "events_deleted", exception.Message),
        RecoveryException => (500, "journal_damaged", exception.Message),
        JournalException => (503, "journal_unavailable", exception.Message),
        _ => (500, "internal", $"A fault of the node: {exception.Message}"),
    };

    private static string CodeOf(int status) => status switch
    {
        404 => "not_found",
        405 => "method_not_allowed",
        408 => "too_slow",
        413 => "too_large",
        _ => "bad_request",
    };
}
