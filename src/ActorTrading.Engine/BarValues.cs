using System.Runtime.CompilerServices;
using ActorTrading.Domain.Bars;
using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Indicators;

namespace ActorTrading.Engine;

/// <summary>
/// Makes of a bar that the fold puts out one that stands by itself, with the values of its frame's indicators. For one thread.
/// </summary>
internal sealed class BarValues
{
    private readonly ConditionalWeakTable<Series, int[]> offsets = []; // those of a plan that is gone go with it

    /// <summary>The bar with the values of the plan's columns at this moment.</summary>
    public BarClosed Take(SymbolState symbol, Series series, in Bar bar) =>
        new(symbol.Symbol, series.Frame, bar, Read(symbol, series)) { Settings = symbol.Plan.Settings, Units = symbol.Plan.Units };

    /// <summary>What the plan's columns say at this moment on that frame.</summary>
    public double[] Read(SymbolState symbol, Series series)
    {
        var words = symbol.Ohlcv.Words;
        var places = OffsetsOf(symbol.Plan, series);
        var values = new double[places.Length];
        for (var i = 0; i < values.Length; i++)
            values[i] = places[i] < 0 ? Indicator.Absent : BitConverter.Int64BitsToDouble(words[places[i]]);
        return values;
    }

    /// <summary>
    /// Where the values of the plan's columns stand for bars of this series; columns bound to another frame have none here.
    /// </summary>
    private int[] OffsetsOf(SymbolPlan plan, Series series)
    {
        if (offsets.TryGetValue(series, out var known)) return known;
        int[] found =
        [
            .. plan.Settings.Columns.Select(column =>
                column.Spec.Frame is null || column.Spec.Frame == series.Frame ? series.ValueOffset(column.Spec) : -1),
        ];
        offsets.Add(series, found);
        return found;
    }
}
