using ActorTrading.Connectors.Exchanges.Adapters;
using ActorTrading.Connectors.Messages;

namespace ActorTrading.Connectors.Exchanges.Sessions;

/// <summary>Where the records of an exchange go: the engine of this node, or the TCP port of another one.</summary>
internal interface IExchangeTarget
{
    /// <summary>
    /// Hands over messages in their order. Returns when there is room, with a task that completes when they are safe there, and has the
    /// reasons why records were refused.
    /// </summary>
    ValueTask<Task<IReadOnlyList<string>>> SubmitAsync(IReadOnlyList<InboundMessage> messages, CancellationToken cancellation);

    /// <summary>The number of the newest record of a source that a symbol has, where that is known.</summary>
    ValueTask<long?> NewestAsync(string symbol, Domain.Values.Source source, CancellationToken cancellation);

    /// <summary>Does with the decimals of symbols what the options say.</summary>
    ValueTask UseAsync(IReadOnlyList<InstrumentDecimals> instruments, CancellationToken cancellation);
}
