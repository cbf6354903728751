using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using ActorTrading.Wire.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace ActorTrading.Host.Logging;

/// <summary>Writes each event as one line, whatever its values contain.</summary>
internal sealed class LineFormatter(LogFormat format, TimeProvider time) : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "lines";

    private const string MessageTemplate = "{OriginalFormat}";
    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        var message = logEntry.Formatter(logEntry.State, logEntry.Exception);
        textWriter.Write(format == LogFormat.Json ? Json(logEntry, message) : Text(logEntry, message));
        textWriter.Write('\n');
    }

    private static string NameOf(LogLevel level) => level switch
    {
        LogLevel.Trace => "trace",
        LogLevel.Debug => "debug",
        LogLevel.Information => "info",
        LogLevel.Warning => "warning",
        LogLevel.Error => "error",
        _ => "critical",
    };

    private string Text<TState>(in LogEntry<TState> entry, string message)
    {
        var line = new StringBuilder();
        line.Append(time.GetUtcNow().ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture)).Append(' ').Append(NameOf(entry.LogLevel))
            .Append(": ");
        // A message may contain text from clients: it must not look like a separate line or control a terminal.
        line.Append(PlainText.Line(entry.Exception is null ? message : $"{message}: {entry.Exception.Message}"));
        return line.ToString();
    }

    private string Json<TState>(in LogEntry<TState> entry, string message)
    {
        var line = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(line, ReadableJson.Options))
        {
            json.WriteStartObject();
            json.WriteString("time", time.GetUtcNow().UtcDateTime);
            json.WriteString("level", NameOf(entry.LogLevel));
            json.WriteNumber("event_id", entry.EventId.Id);
            if (entry.EventId.Name is { } name) json.WriteString("event", JsonNamingPolicy.SnakeCaseLower.ConvertName(name));
            json.WriteString("message", message);
            if (entry.State is IEnumerable<KeyValuePair<string, object?>> values)
            {
                json.WriteStartObject("values");
                foreach (var (key, value) in values)
                {
                    if (key == MessageTemplate) continue;
                    json.WritePropertyName(JsonNamingPolicy.SnakeCaseLower.ConvertName(key));
                    Write(json, value);
                }

                json.WriteEndObject();
            }

            if (entry.Exception is { } exception) json.WriteString("exception", exception.ToString());
            json.WriteEndObject();
        }

        return PlainText.Shield(Encoding.UTF8.GetString(line.WrittenSpan));
    }

    private static void Write(Utf8JsonWriter json, object? value)
    {
        switch (value)
        {
            case null:
                json.WriteNullValue();
                break;
            case int or long:
                json.WriteNumberValue(Convert.ToInt64(value, CultureInfo.InvariantCulture));
                break;
            case bool yes:
                json.WriteBooleanValue(yes);
                break;
            case TimeSpan span:
                json.WriteNumberValue(span.TotalSeconds);
                break;
            default:
                json.WriteStringValue(Convert.ToString(value, CultureInfo.InvariantCulture));
                break;
        }
    }
}
