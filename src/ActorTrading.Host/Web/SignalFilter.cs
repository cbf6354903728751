using ActorTrading.Domain.Signals;
using ActorTrading.Domain.Values;
using ActorTrading.Host.Web.Access;
using ActorTrading.Host.Web.Describing;
using Microsoft.AspNetCore.Http;

namespace ActorTrading.Host.Web;

/// <summary>Selects signals of the log: those that the request asks for and the caller may see.</summary>
internal sealed class SignalFilter
{
    /// <summary>The parameters that select signals.</summary>
    public static readonly Parameter[] Parameters =
    [
        new("symbol", "Symbols, separated by commas; all by default."),
        new("rule", "The name of a rule; may be repeated."),
        new("action", "buy, sell, alert, separated by commas; all by default. Withdrawals match any action."),
    ];

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
    /// Reads the filter from <c>symbol</c> and <c>action</c> (both comma-separated) and <c>rule</c> (a name; may be repeated).
    /// </summary>
    /// <exception cref="RequestFault">A parameter is invalid, or names a symbol that the caller may not see.</exception>
    public static SignalFilter Of(HttpContext context) => new(context);

    /// <summary>Whether a signal matches. A withdrawal matches any action filter, whatever the action of the withdrawn signal.</summary>
    public bool Takes(Signal signal) =>
        symbols?.Contains(signal.Symbol) != false
        && rules?.Contains(signal.RuleName) != false
        && (signal.Action == SignalAction.Withdrawn || actions?.Contains(signal.Action) != false)
        && caller.MayRead(signal.Symbol);

    private static SignalAction Action(string name)
    {
        if (SignalActions.TryParse(name, out var action)) return action;
        throw RequestFault.BadParameter(
            "action", $"'{name}' is not one of {string.Join(", ", SignalActions.All.Select(one => one.Name()))}");
    }
}
