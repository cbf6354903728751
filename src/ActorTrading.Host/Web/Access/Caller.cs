using ActorTrading.Domain.Values;
using ActorTrading.Engine;
using ActorTrading.Engine.Ingest;
using ActorTrading.Host.Dashboard;
using Microsoft.AspNetCore.Http;

namespace ActorTrading.Host.Web.Access;

/// <summary>
/// Who asks, and what it may do by the rules that hold when it is asked; without rules, everything. Safe for any number of threads.
/// </summary>
internal sealed class Caller
{
    private readonly AccessRules? rules;
    private volatile Grant? grant;

    private Caller(AccessRules? rules, Grant? grant, Session? session) => (this.rules, this.grant, Session) = (rules, grant, session);

    /// <summary>Whoever it is, where there are no rules.</summary>
    public static Caller Anybody { get; } = new(null, null, null);

    /// <summary>What was found for it; null where there are no rules.</summary>
    public Grant? Grant => grant;

    /// <summary>The session of the dashboard that it asks by; null where it shows a token or a certificate, or nothing.</summary>
    public Session? Session { get; }

    /// <summary>Whether no symbol is kept from its sight.</summary>
    public bool MayReadEverySymbol => rules is null || grant is { MayReadEverySymbol: true };

    /// <summary>The symbols that it may see.</summary>
    public SymbolScope ReadScope => rules is null ? SymbolScope.All : grant?.ReadScope ?? SymbolScope.Of([]);

    /// <summary>Completes when other rules hold than when it was asked for; null where there are no rules.</summary>
    public Task? RulesChanged => rules?.Changed;

    /// <summary>One for whom the rules have something.</summary>
    public static Caller Of(AccessRules rules, Grant grant, Session? session = null) => new(rules, grant, session);

    /// <summary>Who sent a request; null: nobody that the rules know.</summary>
    public static Caller? Of(HttpContext context) => context.Features.Get<Caller>();

    /// <summary>Who sent a request that <see cref="AccessGate"/> let through.</summary>
    public static Caller Required(HttpContext context) =>
        Of(context) ?? throw new InvalidOperationException("The request has not passed the gate.");

    /// <summary>Whether it may see that symbol.</summary>
    public bool MayRead(Symbol symbol) => rules is null || grant?.MayRead(symbol) == true;

    /// <summary>Whether it may do what an endpoint needs.</summary>
    public bool May(Need need, HttpContext context) => rules is null || need switch
    {
        Need.Nothing => true,
        Need.Send => grant is { MaySendSomething: true },
        Need.ReadSome => grant is { MayReadSomething: true },
        Need.ReadSymbol => MayRead(QueryReader.Symbol(context)),
        Need.ReadAll => MayReadEverySymbol,
        _ => grant is { IsAdmin: true },
    };

    /// <summary>Refuses a request for symbols of which one is kept from the caller's sight.</summary>
    /// <exception cref="RequestFault">One is.</exception>
    public void MustRead(IEnumerable<Symbol> symbols)
    {
        foreach (var symbol in symbols)
        {
            if (!MayRead(symbol)) throw NotAllowed($"The access rules do not let you see {symbol}.");
        }
    }

    /// <summary>An answer that says no.</summary>
    public static RequestFault NotAllowed(string message) => new(StatusCodes.Status403Forbidden, "not_allowed", message);

    /// <summary>
    /// Takes up new rules, where there are some; false: they have nothing to be seen for it any more, or its session
    /// has ended.
    /// </summary>
    public bool Renew()
    {
        if (rules is null) return true;
        if (Session?.Use() == false) grant = null;
        if (grant is { } held && !rules.IsCurrent(held)) grant = rules.Renew(held);
        return grant is { MayReadSomething: true };
    }
}
