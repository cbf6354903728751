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
            NameVerdict.TooManyInAll => "The node has reached ingest:max_symbols: delete symbols, or raise the limit.",
            NameVerdict.TooManyOfSource => "The source has reached ingest:max_symbols_per_source.",
            _ when grant?.Limits.Symbols is not null => $"The rule of {grant.Name} has reached its limits.symbols.",
            _ => $"{grant?.Name} has reached ingest:max_symbols_per_source, or the limits.symbols of its "
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
            ? $"{grant?.Name} has reached ingest:max_sources_per_caller."
            : "The node has reached ingest:max_sources.",
    };

    /// <summary>The limit of economic indicators is reached.</summary>
    public static Rejection OfFigure(string name, NameVerdict verdict, Grant? grant) => new(
        RejectReason.TooManyNames, "indicator_name", name)
    {
        Hint = verdict == NameVerdict.TooManyOfSource
            ? "The source has reached ingest:max_economic_names_per_source."
            : $"{grant?.Name} has reached ingest:max_economic_names_per_source, or the limits.symbols of its rule.",
    };
}
