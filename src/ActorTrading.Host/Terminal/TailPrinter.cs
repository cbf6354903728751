using System.Globalization;
using System.Text.Json;
using ActorTrading.Wire.Text;
using Spectre.Console;

namespace ActorTrading.Host.Terminal;

/// <summary>Prints one line for each event that a node sends to its subscribers.</summary>
internal sealed class TailPrinter(IAnsiConsole console)
{
    /// <summary>Prints one event.</summary>
    public void Print(string topic, JsonElement data)
    {
        switch (topic)
        {
            case "signal":
                PrintSignal(data);
                break;
            case "bar":
                PrintBar(data);
                break;
            case "reject":
                console.MarkupLineInterpolated(
                    $"[red]{Text(data, "reason")}[/]  {Rest(data, "reason")}");
                break;
            default:
                var late = topic == "late" ? "late  " : "";
                console.MarkupLineInterpolated(
                    $"[grey]{Time(data, "ts")}[/]  {late}{Text(data, "symbol"),-6} {Rest(data, "ts", "symbol")}");
                break;
        }
    }

    private void PrintSignal(JsonElement data)
    {
        var action = Text(data, "action");
        var (colour, sign) = action switch
        {
            "buy" => ("green", "▲"),
            "sell" => ("red", "▼"),
            _ => ("yellow", "●"),
        };
        var what = $"{Text(data, "symbol"),-6} {sign} {action.ToUpperInvariant(),-5} {Text(data, "price")}";
        console.MarkupLineInterpolated(
            $"[grey]{Time(data, "time")}[/]  [bold {colour}]{what}[/]  {Text(data, "name")}: {Values(data)}  [grey]{Text(data, "id")}[/]");
    }

    private void PrintBar(JsonElement data)
    {
        var what = $"{Text(data, "symbol"),-6} {Text(data, "frame"),-5}";
        var before = $"{Text(data, "open")} {Text(data, "high")} {Text(data, "low")}";
        var (close, volume) = (Text(data, "close"), Text(data, "volume"));
        console.MarkupLineInterpolated(
            $"[grey]{Time(data, "open_time")}[/]  {what}  {before} [bold]{close}[/]  volume {volume}  [grey]{Values(data)}[/]");
    }

    private static string Values(JsonElement data) => data.TryGetProperty("values", out var values)
        && values.ValueKind == JsonValueKind.Object
        ? string.Join(", ", values.EnumerateObject().Where(value => value.Value.ValueKind == JsonValueKind.Number)
            .Select(value => string.Create(CultureInfo.InvariantCulture, $"{PlainText.Line(value.Name)} = {value.Value.GetDouble():g6}")))
        : "";

    private static string Rest(JsonElement data, params string[] without) =>
        string.Join(" ", data.EnumerateObject().Where(member => !without.Contains(member.Name))
            .Select(member => PlainText.Line($"{member.Name}={member.Value}")));

    private static string Text(JsonElement data, string name) =>
        data.TryGetProperty(name, out var value) ? PlainText.Line(value.ToString()) : "";

    private static string Time(JsonElement data, string name)
    {
        if (!data.TryGetProperty(name, out var value)) return "";
        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var nanoseconds))
            return new Domain.Values.Timestamp(nanoseconds).ToString();
        return PlainText.Line(value.ToString());
    }
}
