using ActorTrading.Connectors.Exchanges.Adapters;

namespace ActorTrading.Connectors.Exchanges.Sessions;

/// <summary>An event of a session for its market, in order.</summary>
internal abstract record ExchangeEvent;

/// <summary>A connection was opened.</summary>
internal sealed record ConnectionOpened(ExchangeConnection Connection, long Epoch) : ExchangeEvent;

/// <summary>A message was received.</summary>
internal sealed record MessageReceived(byte[] Text) : ExchangeEvent;

/// <summary>Messages were dropped because the queue was full.</summary>
internal sealed record MessagesDropped(long Count) : ExchangeEvent;

/// <summary>Result of a request for missing items. <paramref name="IsOver"/>: items that are still missing will not arrive.</summary>
internal sealed record ItemsFilled(FillRange Range, FillPage Page, bool IsOver) : ExchangeEvent;

/// <summary>Result of a request for a book snapshot; null if it failed.</summary>
internal sealed record BookAnswered(string Symbol, BookItem? Snapshot) : ExchangeEvent;

/// <summary>A symbol was removed.</summary>
internal sealed record SymbolRemoved(string Symbol) : ExchangeEvent;
