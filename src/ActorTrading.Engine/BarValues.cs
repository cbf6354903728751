using System.Runtime.CompilerServices;
using ActorTrading.Domain.Bars;
using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Indicators;

namespace ActorTrading.Engine;

/// <summary>
/// Converts a bar from the fold to an independent <c>BarClosed</c> with the values of its frame's indicators. Not thread-safe.
/// </summary>
internal sealed class BarValues
{
    private readonly ConditionalWeakTable<Series, int[]> offsets = []; // weak keys: entries of a replaced plan are collected with it

    /// <summary>Returns the bar with the current values of the plan's columns.</summary>
    public BarClosed Take(SymbolState symbol, Series series, in Bar bar) =>
        new(symbol.Symbol, series.Frame, bar, Read(symbol, series)) { Settings = symbol.Plan.Settings, Units = symbol.Plan.Units };

    /// <summary>Returns the current values of the plan's columns on this frame.</summary>
    public double[] Read(SymbolState symbol, Series series)
    {
        var words = symbol.Ohlcv.Words;
        var places = OffsetsOf(symbol.Plan, series);
        var values = new double[places.Length];
        for (var i = 0; i < values.Length; i++)
            values[i] = places[i] < 0 ? Indicator.Absent : BitConverter.Int64BitsToDouble(words[places[i]]);
        return values;
    }

    /// <summary>Offsets of the plan's columns for bars of this series; columns that are bound to another frame have no offset.</summary>
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
