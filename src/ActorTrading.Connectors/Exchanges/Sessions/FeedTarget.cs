using ActorTrading.Client;
using ActorTrading.Connectors.Exchanges.Adapters;
using ActorTrading.Connectors.Messages;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;
using ActorTrading.Engine;
using ActorTrading.Engine.Ingest.Client;
using ActorTrading.Wire;
using ActorTrading.Wire.Text;
using Microsoft.Extensions.Logging;

namespace ActorTrading.Connectors.Exchanges.Sessions;

/// <summary>
/// Target: the TCP port of a node. A record counts as safe once the client has accepted it, because the client sends it until the node
/// acknowledges it.
/// </summary>
internal sealed class FeedTarget(FeedClient client, ExchangeOptions options, TimeUnit? unit, ILogger logger) : IExchangeTarget
{
    private readonly RecordParser parser = new(new ParserOptions { TimeUnit = unit });
    private readonly Records records = new();

    /// <summary>Called if the node refuses the client.</summary>
    public Action<FeedRefusedException>? OnRefused { get; init; }

    public async ValueTask<Admitted<IReadOnlyList<string>>> SubmitAsync(
        IReadOnlyList<InboundMessage> messages, CancellationToken cancellation)
    {
        records.Clear();
        foreach (var message in messages)
        {
            records.Id = new Identity(message.Source, message.Epoch, message.Seq);
            parser.Parse(message.Value.Span, 0, records);
        }

        try
        {
            await client.SendAsync(records.All.ToArray(), cancellation).ConfigureAwait(false);
        }
        catch (FeedRefusedException e)
        {
            OnRefused?.Invoke(e);
            throw;
        }

        return new(Task.FromResult<IReadOnlyList<string>>([.. records.Rejects]));
    }

    public ValueTask<IReadOnlyList<Identity>> NewestAsync(string symbol, CancellationToken cancellation) => new([]);

    public ValueTask UseAsync(IReadOnlyList<InstrumentDecimals> instruments, CancellationToken cancellation)
    {
        foreach (var one in instruments.Where(one => one.Price > Fixed8.Decimals || one.Size > Fixed8.Decimals))
        {
            var advice = $"in the plan of the node: \"symbols\": {{ \"{one.Symbol}\": {{ \"price_decimals\": {one.Price}, "
                + $"\"size_decimals\": {one.Size} }} }}";
            logger.ExchangeDecimals(options.Name, one.Symbol, one.Price, one.Size, Fixed8.Decimals, Fixed8.Decimals, advice);
        }

        return ValueTask.CompletedTask;
    }

    private sealed class Records : IRecordSink
    {
        public Identity Id { get; set; }

        public List<Record> All { get; } = [];

        public List<string> Rejects { get; } = [];

        public void Clear()
        {
            All.Clear();
            Rejects.Clear();
        }

        public void OnRecord(in Record record) => All.Add(record.WithIdentity(Id));

        public void OnRejected(in RejectedInput input) => Rejects.Add($"{input.Rejection}: {input.Raw}");
    }
}
