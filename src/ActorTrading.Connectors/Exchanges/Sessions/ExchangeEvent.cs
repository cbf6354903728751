using ActorTrading.Connectors.Exchanges.Adapters;

namespace ActorTrading.Connectors.Exchanges.Sessions;

/// <summary>Something that the market of a session hears of, in its order.</summary>
internal abstract record ExchangeEvent;

/// <summary>A connection begins.</summary>
internal sealed record ConnectionOpened(ExchangeConnection Connection, long Epoch) : ExchangeEvent;

/// <summary>A message.</summary>
internal sealed record MessageReceived(byte[] Text) : ExchangeEvent;

/// <summary>So many messages were dropped here, since there was no room for them.</summary>
internal sealed record MessagesDropped(long Count) : ExchangeEvent;

/// <summary>What came of asking for missing items; <paramref name="IsOver"/>: what has not come now never will.</summary>
internal sealed record ItemsFilled(FillRange Range, FillPage Page, bool IsOver) : ExchangeEvent;

/// <summary>What came of asking for the snapshot of a book; null where it failed.</summary>
internal sealed record BookAnswered(string Symbol, BookItem? Snapshot) : ExchangeEvent;

/// <summary>A symbol is not read any more.</summary>
internal sealed record SymbolRemoved(string Symbol) : ExchangeEvent;
