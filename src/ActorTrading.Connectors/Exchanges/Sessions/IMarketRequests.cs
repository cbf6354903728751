using ActorTrading.Connectors.Exchanges.Adapters;

namespace ActorTrading.Connectors.Exchanges.Sessions;

/// <summary>Requests of a market to its session. None of them waits; results arrive as events.</summary>
internal interface IMarketRequests
{
    /// <summary>Whether a symbol is read. Data of other symbols is ignored.</summary>
    bool IsRead(string symbol);

    /// <summary>Requests missing items; the result is <see cref="ItemsFilled"/>.</summary>
    void Fill(FillRange range);

    /// <summary>Requests a book snapshot, by REST or by subscribing again.</summary>
    void Snapshot(string symbol);

    /// <summary>Reports an error.</summary>
    void Report(ExchangeError error, string text);
}
