using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Signals;
using ActorTrading.Domain.Values;
using ActorTrading.Engine;
using ActorTrading.Simulation;
using ActorTrading.Wire.Text;
using Spectre.Console;

namespace ActorTrading.Host.Terminal;

/// <summary>Prints the quarter-hour bars and all signals of a market as text, with colours on a terminal.</summary>
internal sealed class MarketPrinter(IAnsiConsole console, Plan plan)
{
    private const Frame Shown = Frame.FifteenMinutes;

    private readonly int average = Column(plan, "ema(20)");
    private readonly int rsi = Column(plan, "rsi(14)");

    private long bars;
    private long signals;

    /// <summary>Standard output, with colours only on a terminal. Lines are not wrapped; the terminal wraps them when needed.</summary>
    public static IAnsiConsole StandardOutput()
    {
        var console = SafeOutput.Coloured();
        console.Profile.Width = 1000;
        return console;
    }

    public void Begin(MarketOptions market)
    {
        console.MarkupLineInterpolated(
            $"[bold]A generated market[/]: {market.Symbols} symbols, {market.Ticks:N0} ticks, seed {market.Seed}. Rules:");
        foreach (var rule in plan.Settings.Rules) console.MarkupLineInterpolated($"  [bold]{rule.Name,-10}[/] {rule.Rule}");
        console.WriteLine();
        console.MarkupLineInterpolated($"[grey]UTC       15min       open      high       low     close   ema(20)  rsi(14)[/]");
    }

    public void OnBar(BarClosed closed)
    {
        bars++;
        if (closed.Frame != Shown) return;
        var bar = closed.Bar;
        var decimals = closed.Units.PriceDecimals;
        var colour = bar.Close >= bar.Open ? "green" : "red";
        var time = new Timestamp(bar.OpenTime + Shown.Length()).ToDateTime();
        var before = $"{Money(bar.Open, decimals)} {Money(bar.High, decimals)} {Money(bar.Low, decimals)}";
        var values = $"{Number(closed, average, 9)} {Number(closed, rsi, 8)}";
        console.MarkupLineInterpolated(
            $"[grey]{time:HH:mm:ss}[/]  {closed.Symbol.Name,-6} {before} [{colour}]{Money(bar.Close, decimals)}[/] {values}");
    }

    public void OnSignal(Signal signal)
    {
        signals++;
        var (colour, sign) = signal.Action switch
        {
            SignalAction.Buy => ("green", "▲"),
            SignalAction.Sell => ("red", "▼"),
            _ => ("yellow", "●"),
        };
        var values = string.Join(", ", signal.Values.Select(value => FormattableString.Invariant($"{value.Name} = {value.Value:g5}")));
        var what = $"{signal.Symbol.Name,-6} {sign} {signal.Action.Name().ToUpperInvariant(),-5}";
        var price = Money(signal.Price, signal.PriceDecimals).Trim();
        var why = $"{PlainText.Line(signal.RuleName)}: {PlainText.Line(values)}";
        console.MarkupLineInterpolated($"[grey]{signal.Time.ToDateTime():HH:mm:ss}[/]  [bold {colour}]{what} {price}[/]  {why}");
    }

    public void End(IReadOnlyList<LedgerLine> ledger, StateHash hash)
    {
        var total = new
        {
            Received = ledger.Sum(line => line.Received), Applied = ledger.Sum(line => line.Applied),
            Duplicate = ledger.Sum(line => line.Duplicate),
            Late = ledger.Sum(line => line.Late), Rejected = ledger.Sum(line => line.Rejected),
        };
        console.WriteLine();
        console.MarkupLineInterpolated($"[bold]{signals:N0} signals[/] from {bars:N0} bars of {total.Received:N0} ticks.");
        console.WriteLine($"received {total.Received:N0} = applied {total.Applied:N0} + duplicate {total.Duplicate:N0} + late "
            + $"{total.Late:N0} + rejected {total.Rejected:N0}");
        console.WriteLine($"state hash {hash}");
        console.MarkupLineInterpolated($"[grey]The same options give the same hash on every machine.[/]");
    }

    private static string Money(long units, int decimals) =>
        FixedPoint.ToDouble(units, decimals).ToString("0.0000", System.Globalization.CultureInfo.InvariantCulture).PadLeft(9);

    private static string Number(BarClosed closed, int column, int width)
    {
        var value = closed.Values[column];
        return (double.IsNaN(value) ? "" : value.ToString("0.00", System.Globalization.CultureInfo.InvariantCulture)).PadLeft(width);
    }

    private static int Column(Plan plan, string indicator)
    {
        var columns = plan.Settings.Columns;
        for (var i = 0; i < columns.Count; i++)
        {
            if (columns[i].Name == indicator) return i;
        }

        throw new ArgumentException($"The plan has no {indicator}.", nameof(plan));
    }
}
