using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using ActorTrading.Domain.Admission;
using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Values;
using ActorTrading.Host.Web.Describing;
using ActorTrading.Wire.Text;
using Microsoft.AspNetCore.Http;

namespace ActorTrading.Host.Web;

/// <summary>Reads request parameters. An invalid parameter throws a <see cref="RequestFault"/> that names it.</summary>
internal static class QueryReader
{
    /// <summary>Reads the symbol from the path. It may contain any character: an escaped slash does not end the segment.</summary>
    /// <param name="segment">The index of the path segment, from 0.</param>
    public static Symbol Symbol(HttpContext context, int segment = 1)
    {
        var name = RequestPath.Segments(context)[segment];
        return TryRead(name, out var symbol) ? symbol : throw RequestFault.BadParameter("symbol", $"'{name}' is not a symbol");
    }

    /// <summary>Reads a comma-separated list of symbols; null when the parameter is missing.</summary>
    public static IReadOnlySet<Symbol>? Symbols(HttpContext context, string name)
    {
        if (Text(context, name) is not { } text) return null;
        return text.Split(',')
            .Select(one => TryRead(one, out var symbol) ? symbol : throw RequestFault.BadParameter(name, $"'{one}' is not a symbol"))
            .ToHashSet();
    }

    /// <summary>Reads a symbol from its name, including the economy symbol.</summary>
    public static bool TryRead(string name, [NotNullWhen(true)] out Symbol? symbol)
    {
        symbol = name == Domain.Values.Symbol.Economy.Name ? Domain.Values.Symbol.Economy : null;
        return symbol is not null || Domain.Values.Symbol.TryParse(name, out symbol);
    }

    /// <summary>Reads a required frame.</summary>
    public static Frame Frame(HttpContext context, string name) =>
        Text(context, name) is { } text && Frames.TryParse(text, out var frame)
            ? frame
            : throw RequestFault.BadParameter(name, $"a frame: {Frames.Expected}");

    /// <summary>Reads a time in the formats of records: ISO 8601 or a number since 1970; null when the parameter is missing.</summary>
    public static Timestamp? Time(HttpContext context, string name)
    {
        if (Text(context, name) is not { } text) return null;
        return TimeText.TryParse(Encoding.UTF8.GetBytes(text), InputZone.Utc, out var nanoseconds) == RejectReason.None
            ? new Timestamp(nanoseconds)
            : throw RequestFault.BadParameter(name, $"'{text}' is not a time; ISO 8601 or nanoseconds since 1970");
    }

    /// <summary>Reads a whole number within its range.</summary>
    public static long Number(HttpContext context, NumberParameter parameter)
    {
        var (name, least, most) = (parameter.Name, parameter.Least, parameter.Most);
        if (Text(context, name) is not { } text) return parameter.Default ?? throw RequestFault.BadParameter(name, "it is required");
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw RequestFault.BadParameter(name, $"'{text}' is not a whole number from {least} to {most}");
    }

    /// <summary>Reads a text parameter; null when it is missing or empty.</summary>
    public static string? Text(HttpContext context, string name) =>
        context.Request.Query[name].ToString() is { Length: > 0 } text ? text : null;
}
