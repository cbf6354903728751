using ActorTrading.Connectors.Settings;
using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Values;
using ActorTrading.Wire.Text;

namespace ActorTrading.Connectors.Messages;

/// <summary>Reads the parser options of a connector from settings: the same keys for every kind.</summary>
public static class MessageReadingSettings
{
    /// <summary>Reads the options; errors are added to the section.</summary>
    public static MessageReading Read(ConnectorSection section)
    {
        var frame = section.Value<Frame?>("frame", static text =>
            Frames.TryParse(text, out var frame) ? frame : throw new FormatException($"'{text}' is not a frame"));
        return new MessageReading
        {
            PerMessage = (int)section.Number("records_per_message", otherwise: 1, least: 1, most: 1_000_000),
            Parser = new ParserOptions
            {
                BarFrame = frame ?? Frame.OneMinute,
                IsBarFrameGiven = frame is not null,
                Stamped = section.Choice("stamped", "start", "end") == "end" ? BarStamp.End : BarStamp.Start,
                Zone = section.Value("zone", ZoneOf) ?? InputZone.Utc,
                TimeUnit = section.Value<TimeUnit?>("time_unit", static text =>
                    TimeUnits.TryParse(text, out var unit) ? unit : throw new FormatException($"'{text}' is not a unit of time")),
                TimeFormat = section.Value("time_format", static text =>
                    TimePattern.TryParse(text, out var pattern) ? pattern : throw new FormatException($"'{text}' is not a time format")),
                DefaultSymbol = section.Value("symbol", static text =>
                    Symbol.TryParse(text, out var symbol) ? symbol : throw new FormatException($"'{text}' is not a symbol")),
            },
        };
    }

    private static InputZone ZoneOf(string text) =>
        InputZone.TryParse(text, out var zone) ? zone : throw new FormatException($"'{text}' is not a time zone");
}
