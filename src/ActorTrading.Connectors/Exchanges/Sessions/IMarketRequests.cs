using ActorTrading.Connectors.Exchanges.Adapters;

namespace ActorTrading.Connectors.Exchanges.Sessions;

/// <summary>What a market asks its session for. None of it waits; answers come as events.</summary>
internal interface IMarketRequests
{
    /// <summary>Whether a symbol is read: what an exchange still sends of others is passed over.</summary>
    bool IsRead(string symbol);

    /// <summary>Looks for missing items; the answer is <see cref="ItemsFilled"/>.</summary>
    void Fill(FillRange range);

    /// <summary>Asks for the snapshot of a book, by a request or by subscribing again.</summary>
    void Snapshot(string symbol);

    /// <summary>Tells a fault.</summary>
    void Tell(ExchangeError error, string text);
}
