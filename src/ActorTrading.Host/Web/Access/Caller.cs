using ActorTrading.Domain.Values;
using ActorTrading.Engine;
using ActorTrading.Engine.Ingest.Access;
using ActorTrading.Host.Dashboard;
using Microsoft.AspNetCore.Http;

namespace ActorTrading.Host.Web.Access;

/// <summary>
/// The caller of a request, with its rights by the current access rules. Without access rules, it may do everything. Thread-safe.
/// </summary>
internal sealed class Caller
{
    private readonly AccessRules? rules;
    private volatile Grant? grant;

    private Caller(AccessRules? rules, Grant? grant, Session? session) => (this.rules, this.grant, Session) = (rules, grant, session);

    /// <summary>The caller when there are no access rules.</summary>
    public static Caller Anybody { get; } = new(null, null, null);

    /// <summary>The grant of the caller; null without access rules.</summary>
    public Grant? Grant => grant;

    /// <summary>The dashboard session of the caller; null for a caller with a token, with a certificate, or anonymous.</summary>
    public Session? Session { get; }

    /// <summary>Whether it may see all symbols.</summary>
    public bool MayReadEverySymbol => rules is null || grant is { MayReadEverySymbol: true };

    /// <summary>The symbols that it may see.</summary>
    public SymbolScope ReadScope => rules is null ? SymbolScope.All : grant?.ReadScope ?? SymbolScope.Of([]);

    /// <summary>Completes when the access rules are replaced; null without access rules.</summary>
    public Task? RulesChanged => rules?.Changed;

    /// <summary>Creates a caller with a grant from the access rules.</summary>
    public static Caller Of(AccessRules rules, Grant grant, Session? session = null) => new(rules, grant, session);

    /// <summary>The caller of a request; null when the access rules do not know it.</summary>
    public static Caller? Of(HttpContext context) => context.Features.Get<Caller>();

    /// <summary>The caller of a request that <see cref="AccessGate"/> let pass.</summary>
    public static Caller Required(HttpContext context) =>
        Of(context) ?? throw new InvalidOperationException("The request has not passed the gate.");

    /// <summary>Whether it may see the symbol.</summary>
    public bool MayRead(Symbol symbol) => rules is null || grant?.MayRead(symbol) == true;

    /// <summary>Whether it has the right that an endpoint requires.</summary>
    public bool May(Need need, HttpContext context) => rules is null || need switch
    {
        Need.Nothing => true,
        Need.Send => grant is { MaySendSomething: true },
        Need.ReadSome => grant is { MayReadSomething: true },
        Need.ReadSymbol => MayRead(QueryReader.Symbol(context)),
        Need.ReadAll => MayReadEverySymbol,
        _ => grant is { IsAdmin: true },
    };

    /// <summary>Rejects a request that names a symbol which the caller may not see.</summary>
    /// <exception cref="RequestFault">The caller may not see one of the symbols.</exception>
    public void MustRead(IEnumerable<Symbol> symbols)
    {
        foreach (var symbol in symbols)
        {
            if (!MayRead(symbol)) throw NotAllowed($"The access rules do not allow you to read {symbol}.");
        }
    }

    /// <summary>A 403 response: the caller is not allowed.</summary>
    public static RequestFault NotAllowed(string message) => new(StatusCodes.Status403Forbidden, "not_allowed", message);

    /// <summary>
    /// Applies new access rules, when there are any. False: the rules no longer let the caller read anything, or its session has ended.
    /// </summary>
    public bool Renew()
    {
        if (rules is null) return true;
        if (Session?.Use() == false) grant = null;
        if (grant is { } held && !rules.IsCurrent(held)) grant = rules.Renew(held);
        return grant is { MayReadSomething: true };
    }
}
