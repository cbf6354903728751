using ActorTrading.Domain.Bars;
using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Indicators;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Signals;
using ActorTrading.Engine.Embedded.Live;

namespace ActorTrading.Engine.Embedded;

/// <summary>What a partition's fold puts out: signals are collected for the administrator, the rest goes to whoever looks on. For one thread.</summary>
internal sealed class PartitionOutput(LiveHub live, Action<IndicatorFault>? onFault) : IFoldOutput
{
    private readonly Dictionary<Series, int[]> offsets = [];

    /// <summary>Signals since they were last taken.</summary>
    public List<Signal> Signals { get; } = [];

    /// <summary>Whether this is the past being folded again: then only the administrator hears of it.</summary>
    public bool IsReplay { get; set; }

    public void OnBar(SymbolState symbol, Series series, in Bar bar)
    {
        if (IsReplay || !live.WantsBars(symbol.Symbol, series.Frame)) return;
        var words = symbol.Ohlcv.Words;
        var places = OffsetsOf(symbol.Plan, series);
        var values = new double[places.Length];
        for (var i = 0; i < values.Length; i++)
            values[i] = places[i] < 0 ? Indicator.Absent : BitConverter.Int64BitsToDouble(words[places[i]]);
        live.Publish(new LiveEvent(new BarClosed(symbol.Symbol, series.Frame, bar, values)));
    }

    public void OnSignal(Signal signal) => Signals.Add(signal);

    public void OnLate(in Record record)
    {
        if (!IsReplay && live.WantsLate(record.Symbol)) live.Publish(new LiveEvent(Late: record));
    }

    public void OnFault(IndicatorFault fault)
    {
        if (!IsReplay) onFault?.Invoke(fault);
    }

    /// <summary>Where the values of the plan's columns stand for bars of this series; columns bound to another frame have none here.</summary>
    private int[] OffsetsOf(SymbolPlan plan, Series series)
    {
        if (offsets.TryGetValue(series, out var known)) return known;
        return offsets[series] =
        [
            .. plan.Settings.Columns.Select(column =>
                column.Spec.Frame is null || column.Spec.Frame == series.Frame ? series.ValueOffset(column.Spec) : -1),
        ];
    }
}
