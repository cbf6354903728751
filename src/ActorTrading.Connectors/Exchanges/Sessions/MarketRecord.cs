using ActorTrading.Connectors.Messages;

namespace ActorTrading.Connectors.Exchanges.Sessions;

/// <summary>A message for the engine, and what it was at the exchange. A number of -1: the exchange gave it none.</summary>
internal readonly record struct MarketRecord(ExchangeChannel Channel, string Symbol, long Number, long Nanoseconds, InboundMessage Message);
