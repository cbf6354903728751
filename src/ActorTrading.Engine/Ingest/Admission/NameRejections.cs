using ActorTrading.Domain.Admission;
using ActorTrading.Domain.Values;
using ActorTrading.Engine.Ingest.Access;

namespace ActorTrading.Engine.Ingest.Admission;

/// <summary>Rejections of records with names beyond a limit; they name the setting or quota that allows more.</summary>
internal static class NameRejections
{
    /// <summary>The limit of symbols is reached.</summary>
    public static Rejection OfSymbol(Symbol symbol, NameVerdict verdict, Grant? grant) => new(
        RejectReason.TooManySymbols, "symbol", symbol.Name)
    {
        Hint = verdict switch
        {
            NameVerdict.TooManyInAll => "The node has as many symbols as ingest:max_symbols allows: delete some, or raise it.",
            NameVerdict.TooManyOfSource => "The source has brought as many symbols as ingest:max_symbols_per_source allows.",
            _ when grant?.Limits.Symbols is not null => $"The rule of {grant.Name} allows no more new symbols: see its limits.symbols.",
            _ => $"{grant?.Name} has brought as many symbols as ingest:max_symbols_per_source allows, or limits.symbols of its "
                + "rule instead.",
        },
    };

    /// <summary>The sender has no right to a symbol.</summary>
    public static Rejection OfSymbolWithoutRight(Symbol symbol) =>
        new(RejectReason.NotAllowed, "symbol", symbol == Symbol.Economy ? "(economy)" : symbol.Name);

    /// <summary>The limit of sources is reached.</summary>
    public static Rejection OfSource(Source source, NameVerdict verdict, Grant? grant) => new(
        RejectReason.TooManySources, "source", source.Name)
    {
        Hint = verdict == NameVerdict.TooManyOfCaller
            ? $"{grant?.Name} has brought as many sources as ingest:max_sources_per_caller allows."
            : "The node has as many sources as ingest:max_sources allows.",
    };

    /// <summary>The limit of economic indicators is reached.</summary>
    public static Rejection OfFigure(string name, NameVerdict verdict, Grant? grant) => new(
        RejectReason.TooManyNames, "indicator_name", name)
    {
        Hint = verdict == NameVerdict.TooManyOfSource
            ? "The source has brought as many names as ingest:max_economic_names_per_source allows."
            : $"{grant?.Name} has brought as many names as ingest:max_economic_names_per_source, or limits.symbols of its rule, allows.",
    };
}
