using System.Buffers;
using System.Text.Json;
using ActorTrading.Cluster.Messages;
using ActorTrading.Domain.Admission;
using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Values;
using ActorTrading.Engine;
using ActorTrading.Wire.Text;

namespace ActorTrading.Subscriber;

/// <summary>Prints published messages as JSON lines on the standard output. Prices are decimal numbers, times are ISO 8601.</summary>
internal static class Lines
{
    private static readonly Stream Output = Console.OpenStandardOutput();
    private static readonly Lock Writing = new();

    public static async Task PrintAsync<T>(IAsyncEnumerable<T> messages)
        where T : notnull
    {
        await foreach (var message in messages) Print(message);
    }

    private static void Print(object message)
    {
        switch (message)
        {
            case LoggedSignal signal:
                Print(output => SignalJson.Write(signal.Position, signal.Signal, output));
                break;
            case SignalsPublished published:
                foreach (var signal in published.Read()) Print(signal);
                break;
            case BarPublished bar:
                Print(json => Write(json, bar));
                break;
            case VolatilityPublished volatility:
                Print(json => Write(json, volatility));
                break;
            case RejectPublished reject:
                Print(json => Write(json, reject));
                break;
        }
    }

    private static void Write(Utf8JsonWriter json, BarPublished published)
    {
        var closed = published.Closed;
        json.WriteString("symbol", closed.Symbol.Name);
        json.WriteString("frame", closed.Frame.Name());
        json.WriteString("open_time", closed.Bar.Opened.ToString());
        foreach (var (name, price) in (ReadOnlySpan<(string, long)>)[("open", closed.Bar.Open), ("high", closed.Bar.High),
            ("low", closed.Bar.Low), ("close", closed.Bar.Close)])
        {
            json.WritePropertyName(name);
            json.WriteRawValue(FixedPoint.Format(price, closed.Units.PriceDecimals));
        }

        json.WriteNumber("ticks", closed.Bar.Ticks);
        json.WriteStartObject("values");
        for (var i = 0; i < closed.Values.Count; i++)
        {
            if (!double.IsNaN(closed.Values[i])) json.WriteNumber(published.Columns[i], closed.Values[i]);
        }

        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, VolatilityPublished volatility)
    {
        json.WriteString("symbol", volatility.Symbol.Name);
        json.WriteString("frame", volatility.Frame.Name());
        json.WriteString("open_time", volatility.BarTime.ToString());
        json.WriteNumber(volatility.Indicator, volatility.Value);
    }

    private static void Write(Utf8JsonWriter json, RejectPublished reject)
    {
        json.WriteString("time", reject.Time.ToString());
        json.WriteString("door", reject.Listener);
        if (reject.Symbol is { } symbol) json.WriteString("symbol", symbol.Name);
        json.WriteString("source", reject.Id.Source.Name);
        if (reject.Id.IsSequenced) json.WriteNumber("seq", reject.Id.Seq);
        json.WriteString("reason", reject.Rejection.Reason.Name());
        json.WriteString("field", reject.Rejection.Field);
        json.WriteString("value", reject.Rejection.Value);
    }

    private static void Print(Action<Utf8JsonWriter> fields) => Print((ArrayBufferWriter<byte> line) =>
    {
        using var json = new Utf8JsonWriter(line);
        json.WriteStartObject();
        fields(json);
        json.WriteEndObject();
    });

    private static void Print(Action<ArrayBufferWriter<byte>> write)
    {
        var line = new ArrayBufferWriter<byte>();
        write(line);
        line.Write("\n"u8);
        lock (Writing) // several topics share the output
        {
            Output.Write(line.WrittenSpan);
            Output.Flush();
        }
    }
}
