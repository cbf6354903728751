using ActorTrading.Connectors.Messages;

namespace ActorTrading.Connectors.Exchanges.Sessions;

/// <summary>A message for the engine, with its item at the exchange. Number -1: the exchange gave it no number.</summary>
internal readonly record struct MarketRecord(ExchangeChannel Channel, string Symbol, long Number, long Nanoseconds, InboundMessage Message);
