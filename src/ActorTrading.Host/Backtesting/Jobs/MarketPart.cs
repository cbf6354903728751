using ActorTrading.Domain.Bars;
using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Signals;
using ActorTrading.Engine;

namespace ActorTrading.Host.Backtesting.Jobs;

/// <summary>A partition of a market's symbols. Folded by one thread at a time.</summary>
internal sealed class MarketPart : IFoldOutput
{
    private readonly int number;
    private readonly BarRows? rows;
    private readonly SortedDictionary<Frame, long> barsByFrame = [];
    private List<BlockOutput> output = [];

    public MarketPart(int number, BacktestRequest request)
    {
        this.number = number;
        rows = request.BarsOut is null ? null : new BarRows(request.Plan);
        Market = new Market(request.Plan, this, input => Add(input));
    }

    public Market Market { get; }

    public IReadOnlyDictionary<Frame, long> BarsByFrame => barsByFrame;

    /// <summary>Folds the records of this partition in a round.</summary>
    public void Fold(Round round)
    {
        foreach (var block in round.Blocks)
        {
            var own = block.Of(number);
            output = own.Output;
            Market.OnRecords(own.Records, own.Numbers);
        }
    }

    public void OnBar(SymbolState symbol, Series series, in Bar bar)
    {
        barsByFrame[series.Frame] = barsByFrame.GetValueOrDefault(series.Frame) + 1;
        if (rows is not null) Add(rows.Of(symbol, series, bar).ToString());
    }

    public void OnSignal(Signal signal) => Add(signal);

    public void OnLate(in Record record)
    {
    }

    public void OnFault(IndicatorFault fault) => Add(fault);

    /// <summary>The market receives the index of each record in its block as its line number.</summary>
    private void Add(object what) => output.Add(new BlockOutput((int)Market.Line, what));
}
