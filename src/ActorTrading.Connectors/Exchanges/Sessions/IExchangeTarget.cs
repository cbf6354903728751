using ActorTrading.Connectors.Exchanges.Adapters;
using ActorTrading.Connectors.Messages;
using ActorTrading.Domain.Records;
using ActorTrading.Engine;

namespace ActorTrading.Connectors.Exchanges.Sessions;

/// <summary>Target of an exchange's records: the engine of this node, or the TCP port of another node.</summary>
internal interface IExchangeTarget
{
    /// <summary>
    /// Submits messages in order. Returns when they are admitted (back-pressure). <see cref="Admitted{T}.Durable"/> gives the reasons of
    /// the rejected records.
    /// </summary>
    ValueTask<Admitted<IReadOnlyList<string>>> SubmitAsync(IReadOnlyList<InboundMessage> messages, CancellationToken cancellation);

    /// <summary>The newest record of each source of a symbol; empty if unknown.</summary>
    ValueTask<IReadOnlyList<Identity>> NewestAsync(string symbol, CancellationToken cancellation);

    /// <summary>Applies the decimals of symbols as the options specify.</summary>
    ValueTask UseAsync(IReadOnlyList<InstrumentDecimals> instruments, CancellationToken cancellation);
}
