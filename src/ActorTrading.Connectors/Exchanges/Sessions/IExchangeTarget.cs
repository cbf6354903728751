using ActorTrading.Connectors.Exchanges.Adapters;
using ActorTrading.Connectors.Messages;
using ActorTrading.Domain.Records;
using ActorTrading.Engine;

namespace ActorTrading.Connectors.Exchanges.Sessions;

/// <summary>Where the records of an exchange go: the engine of this node, or the TCP port of another one.</summary>
internal interface IExchangeTarget
{
    /// <summary>
    /// Submits messages in their order. Returns when there is room for them. <see cref="Admitted{T}.Durable"/> has the reasons of
    /// the records that were rejected.
    /// </summary>
    ValueTask<Admitted<IReadOnlyList<string>>> SubmitAsync(IReadOnlyList<InboundMessage> messages, CancellationToken cancellation);

    /// <summary>The newest record of each source that a symbol has; none where that is not known.</summary>
    ValueTask<IReadOnlyList<Identity>> NewestAsync(string symbol, CancellationToken cancellation);

    /// <summary>Does with the decimals of symbols what the options say.</summary>
    ValueTask UseAsync(IReadOnlyList<InstrumentDecimals> instruments, CancellationToken cancellation);
}
