using System.Text.Encodings.Web;
using System.Text.Json;
using ActorTrading.Domain.Admission;
using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Values;
using ActorTrading.Engine;
using ActorTrading.Host.Terminal;
using ActorTrading.Wire.Files;
using ActorTrading.Wire.Text;

namespace ActorTrading.Host.Backtesting;

/// <summary>The result of a backtest, as a text table and as JSON.</summary>
internal sealed class BacktestReport(
    Plan plan, BacktestState state, BacktestOutput output, BacktestInputs inputs)
{
    private const int HashesShown = 20;
    private const int InputsShown = 20;
    private const double Little = 0.01; // fraction of received records that may be late or rejected without a warning

    private readonly TimeSpan elapsed = inputs.Elapsed;
    private readonly IReadOnlyList<string> damage = inputs.Damage;

    private readonly LedgerLine total = state.Ledger.Total();
    private readonly IReadOnlyList<KeyValuePair<Symbol, StateHash>> hashes = StateHash.Each(state.Symbols);

    /// <summary>Why the input could not be read completely; empty when it could.</summary>
    public IReadOnlyList<string> Damage => damage;

    /// <summary>Whether no record was received.</summary>
    public bool IsEmpty => total.Received == 0;

    /// <summary>Whether at least one record was accepted or was a duplicate.</summary>
    public bool FoundRecords => total.Applied + total.Late + total.Duplicate > 0;

    /// <summary>Problems that the user should check; empty when nearly all input was applied.</summary>
    public IReadOnlyList<string> Attention => [.. FindAttention()];

    private double RecordsPerSecond => total.Received / Math.Max(elapsed.TotalSeconds, 1e-9);

    public void Print(TextWriter text)
    {
        text.Say($"plan        {plan.Hash.Short}  {plan.Settings.Calendar.Name}, "
            + $"{string.Join(" ", plan.Settings.Frames.Select(f => f.Name()))}");
        text.Say($"read        {total.Received:N0} records in {elapsed.TotalSeconds:N2} s, {RecordsPerSecond:N0} a second");
        foreach (var input in inputs.Taken.Take(InputsShown)) text.Say($"input       {input}");
        if (inputs.Taken.Count > InputsShown) text.Say($"  … and {inputs.Taken.Count - InputsShown:N0} more; --json lists them all");
        text.Say($"symbols     {hashes.Count:N0}");
        foreach (var line in state.Ledger.Lines) text.Say($"ledger      {Spell(line)}");
        foreach (var (reason, count) in output.RejectsByReason) text.Say($"  rejected  {count:N0} {reason.Name()}");
        var offSession = state.Symbols.Sum(symbol => symbol.Ohlcv.OffSession);
        if (offSession > 0) text.Say($"off session {offSession:N0} prices outside of the calendar's sessions built no bar");
        text.Say($"bars        {string.Join(", ", BarCounts().Select(count => $"{count.Count:N0} {count.Frame.Name()}"))}");
        foreach (var fault in output.Faults)
            text.Say($"fault       {fault.Symbol} {fault.Indicator}@{fault.Frame.Name()}: {fault.Message}");
        text.Say($"signals     {output.Signals:N0}{(output.Signals > output.LastSignals.Count ? ", the last of them:" : "")}");
        foreach (var signal in output.LastSignals) text.Say($"  {signal}");
        text.Say("state hash");
        foreach (var (symbol, hash) in hashes.Take(HashesShown)) text.Say($"  {hash.Short}  {Spell(symbol)}");
        if (hashes.Count > HashesShown) text.Say($"  … and {hashes.Count - HashesShown:N0} more; --json lists them all");
        text.Say($"  {StateHash.Of(hashes)}  over all");
        foreach (var line in Attention) text.Say($"attention   {line}");
    }

    public void WriteJson(Stream stream)
    {
        using var json = new Utf8JsonWriter(
            stream, new JsonWriterOptions { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        json.WriteStartObject();
        json.WriteString("plan", plan.Hash.ToString());
        json.WriteNumber("seconds", elapsed.TotalSeconds);
        json.WriteNumber("records_per_second", RecordsPerSecond);
        InputJson.Write(json, inputs.Taken);
        json.WriteStartArray("attention");
        foreach (var line in Attention) json.WriteStringValue(line);
        json.WriteEndArray();
        json.WriteStartObject("ledger");
        WriteLine(json, total);
        json.WriteStartArray("sources");
        foreach (var line in state.Ledger.Lines)
        {
            json.WriteStartObject();
            json.WriteString("source", line.Source.Name);
            WriteLine(json, line);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteStartObject("rejected");
        foreach (var (reason, count) in output.RejectsByReason) json.WriteNumber(reason.Name(), count);
        json.WriteEndObject();
        json.WriteNumber("off_session", state.Symbols.Sum(symbol => symbol.Ohlcv.OffSession));
        json.WriteStartObject("bars");
        foreach (var (frame, count) in BarCounts()) json.WriteNumber(frame.Name(), count);
        json.WriteEndObject();
        json.WriteNumber("signals", output.Signals);
        json.WriteStartArray("last_signals");
        foreach (var signal in output.LastSignals) SignalJson.Write(signal, json);
        json.WriteEndArray();
        json.WriteStartArray("faults");
        foreach (var fault in output.Faults)
            json.WriteStringValue($"{fault.Symbol} {fault.Indicator}@{fault.Frame.Name()}: {fault.Message}");
        json.WriteEndArray();
        json.WriteStartArray("damage");
        foreach (var message in damage) json.WriteStringValue(message);
        json.WriteEndArray();
        json.WriteStartObject("state_hashes");
        foreach (var (symbol, hash) in hashes) json.WriteString(Spell(symbol), hash.ToString());
        json.WriteEndObject();
        json.WriteString("state_hash", StateHash.Of(hashes).ToString());
        json.WriteEndObject();
        json.Flush();
        stream.Write("\n"u8);
    }

    /// <summary>A line of the ledger as text.</summary>
    public static string Spell(LedgerLine line) =>
        $"{line.Source}: received {line.Received:N0} = applied {line.Applied:N0} + duplicate {line.Duplicate:N0}"
        + $" + late {line.Late:N0} + rejected {line.Rejected:N0}{(line.IsBalanced ? "" : "  NOT BALANCED")}"
        + (line.Rounded == 0 ? "" : $"; rounded {line.Rounded:N0}");

    private IEnumerable<string> FindAttention()
    {
        if (total.Late > total.Received * Little)
        {
            var unordered = inputs.Taken.Where(input => input.Order is TimeOrder.Mixed or TimeOrder.NewestFirst)
                .Select(input => input.Name).ToList();
            var why = unordered.Count > 0 ? $"{string.Join(", ", unordered)} is not in time order; sort it oldest first"
                : inputs.Taken.Count > 1 ? "inputs are folded in the given order; give the oldest first"
                : "their times are in bars that are already closed; one time too far ahead makes all later records late";
            yield return $"{Share(total.Late)} late and changed no bar: {why}";
        }

        if (total.Rejected > total.Received * Little)
        {
            var (reason, count) = output.RejectsByReason.MaxBy(reject => reject.Value);
            var hint = reason == RejectReason.Malformed ? output.HintOf(reason) : null; // other reasons use the plan's units
            var advice = hint is null ? reason.Advice(plan.Settings.Units) : hint + ";";
            yield return $"{Share(total.Rejected)} rejected, {count:N0} as {reason.Name()}: {advice} --rejects-out - shows each";
        }

        foreach (var input in inputs.Taken.Where(input => input.Skipped is not null))
            yield return $"{input.Name} was not read: {input.Skipped}";
        if (total.Applied > 0 && !HasBars())
            yield return "no record has the price from which the plan builds bars; see price in docs/plan.md";
    }

    private string Share(long count) => $"{count:N0} of {total.Received:N0} records ({100.0 * count / total.Received:N0} %) were";

    private bool HasBars() =>
        output.BarsByFrame.Count > 0 || plan.Settings.Frames.All(frame => frame == Frame.Tick)
        || state.Symbols.Any(symbol => symbol.Symbol == Symbol.Economy || symbol.Ohlcv.OffSession > 0
            || symbol.Plan.BarSeries.Any(series => symbol.Ohlcv.OpenBar(series.Frame) is not null));

    private static string Spell(Symbol symbol) => symbol == Symbol.Economy ? "(economy)" : symbol.Name;

    private static void WriteLine(Utf8JsonWriter json, LedgerLine line)
    {
        json.WriteNumber("received", line.Received);
        json.WriteNumber("applied", line.Applied);
        json.WriteNumber("duplicate", line.Duplicate);
        json.WriteNumber("late", line.Late);
        json.WriteNumber("rejected", line.Rejected);
        json.WriteNumber("rounded", line.Rounded);
        json.WriteBoolean("balanced", line.IsBalanced);
    }

    private IEnumerable<(Frame Frame, long Count)> BarCounts() =>
        output.BarsByFrame.Keys.Union(plan.Settings.Frames).Order()
            .Select(frame => (Frame: frame, Count: output.BarsByFrame.GetValueOrDefault(frame)));
}
