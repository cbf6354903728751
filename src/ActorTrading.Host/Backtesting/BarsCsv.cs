using ActorTrading.Domain.Bars;
using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Values;

namespace ActorTrading.Host.Backtesting;

/// <summary>Writes <see cref="BarRows"/> to a CSV file.</summary>
internal sealed class BarsCsv(Plan plan, TextWriter writer)
{
    private readonly BarRows rows = new(plan);

    public void WriteHeader() => writer.Write(rows.Header());

    public void Write(SymbolState symbol, Series series, in Bar bar) => writer.Write(rows.Of(symbol, series, bar));

    public void Write(string row) => writer.Write(row);

    /// <summary>
    /// Writes the bars that are open at the end of the input, as if they closed now. Works on a copy, because a continuing market would not
    /// close them.
    /// </summary>
    public void WriteOpenBars(SymbolState symbol)
    {
        if (symbol.Plan.BarSeries is not [.., var largest] || symbol.Ohlcv.NewestOpen is not { } newest) return;
        var end = symbol.Plan.Calendar.BucketAt(largest.Frame, newest).End;
        Fold.Apply(symbol.Clone(), new ClockAdvanced(symbol.Symbol, new Timestamp(end)), new OnlyBars(Write));
    }

    private sealed class OnlyBars(OnlyBars.Writer write) : IFoldOutput
    {
        public delegate void Writer(SymbolState symbol, Series series, in Bar bar);

        public void OnBar(SymbolState symbol, Series series, in Bar bar) => write(symbol, series, bar);

        public void OnSignal(Domain.Signals.Signal signal)
        {
        }

        public void OnLate(in Domain.Records.Record record)
        {
        }

        public void OnFault(IndicatorFault fault)
        {
        }
    }
}
