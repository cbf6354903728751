using ActorTrading.Domain.Signals;
using ActorTrading.Domain.Values;
using ActorTrading.Host.Web.Access;
using Microsoft.AspNetCore.Http;

namespace ActorTrading.Host.Web;

/// <summary>Which signals of the log a request is for: of what it asks for, those that the caller may see.</summary>
internal sealed class SignalFilter
{
    private readonly Caller caller;
    private readonly IReadOnlySet<Symbol>? symbols;
    private readonly HashSet<string>? rules;
    private readonly HashSet<SignalAction>? actions;

    private SignalFilter(HttpContext context)
    {
        caller = Caller.Required(context);
        symbols = QueryReader.Symbols(context, "symbol");
        caller.MustRead(symbols ?? Enumerable.Empty<Symbol>());
        rules = context.Request.Query["rule"] is { Count: > 0 } names ? [.. names.OfType<string>()] : null;
        actions = QueryReader.Text(context, "action")?.Split(',').Select(Action).ToHashSet();
    }

    /// <summary>
    /// Reads it from <c>symbol</c> and <c>action</c> (each separated by commas) and <c>rule</c> (a name; may be there several times).
    /// </summary>
    /// <exception cref="RequestFault">One is not right, or names a symbol that the caller may not see.</exception>
    public static SignalFilter Of(HttpContext context) => new(context);

    /// <summary>Whether it is wanted. A withdrawal is, whatever the signal that it takes back asked to do.</summary>
    public bool Takes(Signal signal) =>
        symbols?.Contains(signal.Symbol) != false
        && rules?.Contains(signal.RuleName) != false
        && (signal.Action == SignalAction.Withdrawn || actions?.Contains(signal.Action) != false)
        && caller.MayRead(signal.Symbol);

    private static SignalAction Action(string name)
    {
        if (SignalActions.TryParse(name, out var action)) return action;
        throw RequestFault.BadParameter("action", $"'{name}' is none of {string.Join(", ", SignalActions.All.Select(one => one.Name()))}");
    }
}
