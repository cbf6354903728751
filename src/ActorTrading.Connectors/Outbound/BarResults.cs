using System.Buffers;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Plans;
using ActorTrading.Engine;
using ActorTrading.Wire.Text;

namespace ActorTrading.Connectors.Outbound;

/// <summary>
/// The stream of closed bars or of indicator values, computed by folding the journal again from a position on. Single reader.
/// </summary>
internal sealed class BarResults(IEngine engine, ResultOptions options) : IResultStream
{
    private const int MostKept = 4_096;

    private readonly BarFilter filter = new(options.Symbols, options.Wanted) { TickBars = false };
    private readonly Dictionary<(PlanSettings Settings, Frame Frame), (string Name, int Column)[]> fields = [];

    public bool IsOfNode => false;

    public async Task<ResultPosition> EndAsync(CancellationToken cancellation) =>
        Behind(await engine.JournalEndAsync(cancellation).ConfigureAwait(false));

    public long? CountAfter(ResultPosition position) => null;

    public async IAsyncEnumerable<ResultMessage> ReadAsync(ResultPosition after, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var end = Behind(await engine.JournalEndAsync(cancellation).ConfigureAwait(false));
        if (after.CompareTo(end) > 0)
            throw new ConnectorException(
                $"The target has results up to position {after}, but the journal ends before {end}: they come from another journal.");
        await foreach (var bar in engine.BarsAsync(after.Major - 1, filter, cancellation).ConfigureAwait(false))
        {
            if (bar.Bar is null) yield return new ResultMessage(Behind(bar.Position));
            else if (new ResultPosition(bar.Position, bar.Number).CompareTo(after) > 0) yield return MessageOf(bar, bar.Bar);
        }
    }

    /// <summary>The position after all results of an event, and before those of the next event.</summary>
    private static ResultPosition Behind(long position) => new(position + 1);

    private ResultMessage MessageOf(JournaledBar journaled, BarClosed bar)
    {
        var time = bar.Bar.Opened;
        var value = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(value, ReadableJson.Options)) Write(json, bar);
        var place = bar.Frame == Frame.Tick
            ? string.Create(CultureInfo.InvariantCulture, $"{journaled.Event}.{journaled.Number}") // several may have one time
            : time.ToString();
        return new ResultMessage(new ResultPosition(journaled.Position, journaled.Number))
        {
            Id = $"{bar.Symbol.Name}/{bar.Frame.Name()}/{place}", Key = bar.Symbol.Name, Topic = bar.Frame.Name(), Time = time,
            Value = value.WrittenMemory,
        };
    }

    private void Write(Utf8JsonWriter json, BarClosed bar)
    {
        json.WriteStartObject();
        switch (options.Kind)
        {
            case ResultKind.Values:
                json.WriteString("stock_id", bar.Symbol.Name);
                json.WriteStartObject("results");
                WriteFields(json, bar);
                json.WriteEndObject();
                json.WriteString("time_frame", bar.Frame.Name());
                break;
            case ResultKind.Volatility:
                json.WriteString("ISIN", bar.Symbol.Name);
                json.WriteTime("DATETIME", bar.Bar.Opened);
                WriteFields(json, bar);
                break;
            default:
                BarJson.WriteNamed(json, bar, SettingsOf(bar));
                break;
        }

        json.WriteEndObject();
    }

    private void WriteFields(Utf8JsonWriter json, BarClosed bar)
    {
        foreach (var (name, column) in FieldsOf(SettingsOf(bar), bar.Frame))
        {
            if (column >= 0) json.WriteValue(name, bar.Values[column]);
            else json.WriteNull(name);
        }
    }

    private PlanSettings SettingsOf(BarClosed bar) => bar.Settings ?? engine.Plan.For(bar.Symbol);

    /// <summary>The field names of a frame's messages, and the index of each value's column; -1 if the plan does not have it.</summary>
    private (string Name, int Column)[] FieldsOf(PlanSettings settings, Frame frame)
    {
        if (fields.TryGetValue((settings, frame), out var known)) return known;
        var columns = settings.Columns.Select((column, index) => (column, index))
            .Where(one => one.column.Spec.Frame is null || one.column.Spec.Frame == frame);
        known = options.WantedFields is { } wanted
            ? [.. wanted.Where(field => field.Spec.Frame is null || field.Spec.Frame == frame)
                .Select(field => (field.Name, IndexOf(field)))]
            : [.. columns.Select(one => (one.column.Name, one.index))];
        if (fields.Count == MostKept) fields.Clear(); // discards the entries of old plans
        fields.Add((settings, frame), known);
        return known;

        int IndexOf(ResultField field) =>
            columns.Where(one => field.Is(one.column, frame)).Select(one => one.index).DefaultIfEmpty(-1).First();
    }
}
