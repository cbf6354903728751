using ActorTrading.Connectors.Exchanges.Adapters;
using ActorTrading.Connectors.Messages;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;
using ActorTrading.Engine;
using ActorTrading.Wire.Text;

namespace ActorTrading.Connectors.Exchanges.Sessions;

/// <summary>Target: the engine of this node.</summary>
internal sealed class LocalNodeTarget(ConnectorServices services, ExchangeOptions options, TimeUnit? unit) : IExchangeTarget
{
    private readonly MessageIngest ingest = new(
        services.IngestPipeline, new MessageReading { Parser = new ParserOptions { TimeUnit = unit } }, options.Exchange, options.Name);

    public async ValueTask<Admitted<IReadOnlyList<string>>> SubmitAsync(
        IReadOnlyList<InboundMessage> messages, CancellationToken cancellation)
    {
        var outcomes = await ingest.SubmitAsync(messages, cancellation).ConfigureAwait(false);
        return new(RejectsAsync(outcomes.Durable));
    }

    public async ValueTask<IReadOnlyList<Identity>> NewestAsync(string symbol, CancellationToken cancellation)
    {
        var state = await services.Engine.StateAsync(Symbol.Parse(symbol), null, cancellation).ConfigureAwait(false);
        return state?.Sources.Newest() ?? [];
    }

    /// <summary>Only decimals beyond the plan's matter; fewer are converted exactly.</summary>
    public async ValueTask UseAsync(IReadOnlyList<InstrumentDecimals> instruments, CancellationToken cancellation)
    {
        var engine = services.Engine;
        var raised = new Dictionary<Symbol, Units>();
        foreach (var instrument in instruments)
        {
            var symbol = Symbol.Parse(instrument.Symbol);
            var has = engine.Plan.For(symbol).Units;
            if (instrument.Price <= has.PriceDecimals && instrument.Size <= has.SizeDecimals) continue;
            var needs = new Units(
                Math.Min(Units.MaxDecimals, Math.Max(has.PriceDecimals, instrument.Price)),
                Math.Min(Units.MaxDecimals, Math.Max(has.SizeDecimals, instrument.Size)));
            var isFree = options.Instruments == InstrumentUse.Plan && !engine.Plan.Overrides.ContainsKey(symbol)
                && await engine.StateAsync(symbol, null, cancellation).ConfigureAwait(false) is null;
            if (isFree) raised.Add(symbol, needs);
            var advice = isFree
                ? "the plan is changed"
                : $"in the plan: \"symbols\": {{ \"{symbol}\": {{ \"price_decimals\": {needs.PriceDecimals}, "
                    + $"\"size_decimals\": {needs.SizeDecimals} }} }}";
            services.Logger.ExchangeDecimals(
                options.Name, symbol.Name, instrument.Price, instrument.Size, has.PriceDecimals, has.SizeDecimals, advice);
        }

        if (raised.Count > 0) await engine.ChangePlanAsync(engine.Plan.WithUnits(raised), cancellation).ConfigureAwait(false);
    }

    private static async Task<IReadOnlyList<string>> RejectsAsync(Task<MessageOutcome[]> outcomes)
    {
        List<string>? refusals = null;
        foreach (var outcome in await outcomes.ConfigureAwait(false))
        {
            foreach (var rejection in outcome.Rejections) (refusals ??= []).Add(rejection.ToString());
        }

        return refusals ?? (IReadOnlyList<string>)[];
    }
}
