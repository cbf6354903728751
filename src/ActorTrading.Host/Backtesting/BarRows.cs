using System.Globalization;
using System.Text;
using ActorTrading.Domain.Bars;
using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Indicators;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Values;
using ActorTrading.Wire.Text;

namespace ActorTrading.Host.Backtesting;

/// <summary>
/// Writes one row per bar: <c>symbol,frame,open_time,open,high,low,close,volume,ticks</c> and a column for each indicator of the plan,
/// empty until it is warmed up. The column of an indicator bound to another frame contains its newest value at that time. Symbols are
/// written by the rules of <see cref="FormulaGuard"/>. Prices are exact decimals, indicators are doubles in round-trip form.
/// </summary>
internal sealed class BarRows(Plan plan)
{
    private readonly List<IndicatorColumn> columns =
    [
        .. plan.Settings.Columns.Concat(plan.Overrides.Values.SelectMany(settings => settings.Columns)).DistinctBy(column => column.Name),
    ];

    private readonly Dictionary<Series, int[]> offsets = [];
    private readonly StringBuilder row = new();

    /// <summary>The header line.</summary>
    public string Header()
    {
        row.Clear().Append("symbol,frame,open_time,open,high,low,close,volume,ticks");
        foreach (var column in columns) row.Append(',').Append(column.Name.Contains(',') ? $"\"{column.Name}\"" : column.Name);
        return row.Append('\n').ToString();
    }

    /// <summary>The row of a bar, with its line end; valid until the next call.</summary>
    public StringBuilder Of(SymbolState symbol, Series series, in Bar bar)
    {
        row.Clear();
        row.Append(FormulaGuard.Guard(symbol.Symbol.Name))
            .Append(',').Append(series.Frame.Name()).Append(',').Append(bar.Opened).Append(',');
        var (price, size) = (symbol.Plan.Units.PriceDecimals, symbol.Plan.Units.SizeDecimals);
        row.Append(FixedPoint.Format(bar.Open, price)).Append(',').Append(FixedPoint.Format(bar.High, price)).Append(',');
        row.Append(FixedPoint.Format(bar.Low, price)).Append(',').Append(FixedPoint.Format(bar.Close, price)).Append(',');
        row.Append(FixedPoint.Format(bar.Volume, size)).Append(',').Append(bar.Ticks);
        var words = symbol.Ohlcv.Words;
        foreach (var offset in OffsetsOf(symbol.Plan, series))
        {
            row.Append(',');
            var value = offset < 0 ? Indicator.Absent : BitConverter.Int64BitsToDouble(words[offset]);
            if (!double.IsNaN(value)) row.Append(value.ToString("R", CultureInfo.InvariantCulture));
        }

        return row.Append('\n');
    }

    private int[] OffsetsOf(SymbolPlan symbolPlan, Series series)
    {
        if (offsets.TryGetValue(series, out var known)) return known;
        var own = symbolPlan.Settings.Columns.ToDictionary(column => column.Name);
        return offsets[series] =
        [
            .. columns.Select(column =>
                !own.ContainsKey(column.Name) ? -1
                : (column.Spec.Frame is { } frame ? symbolPlan.SeriesOf(frame) : series)?.ValueOffset(column.Spec) ?? -1),
        ];
    }
}
