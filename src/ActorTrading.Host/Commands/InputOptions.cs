using System.CommandLine;
using System.CommandLine.Parsing;
using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Values;
using ActorTrading.Wire.Files;
using ActorTrading.Wire.Text;
using Symbol = ActorTrading.Domain.Values.Symbol;

namespace ActorTrading.Host.Commands;

/// <summary>Options of every command that reads files: how to interpret ambiguous text.</summary>
internal sealed class InputOptions
{
    private readonly Option<Frame?> frame = new("--frame")
    {
        Description = "Frame of bars without one: a whole number of s, min or hour (30s, 2min, 4hour), 1day, 1week or 1month, "
            + "or tick for none. Default: detected from their times.",
        CustomParser = result => Parse(result, (string text, out Frame? value) => TryParseFrame(text, out value), "a frame of bars"),
        HelpName = "FRAME",
    };

    private readonly Option<BarStamp?> stamped = new("--stamped")
    {
        Description = "Which end of a bar its timestamp is. Default: start.",
        HelpName = "start|end",
    };

    private readonly Option<InputZone?> zone = new("--zone")
    {
        Description = "Time zone of timestamps without one, such as Europe/Berlin or -05:00. Default: UTC.",
        CustomParser = result => Parse<InputZone>(result, InputZone.TryParse, "a time zone"),
        HelpName = "ZONE",
    };

    private readonly Option<TimeUnit?> unit = new("--time-unit")
    {
        Description =
            $"Unit of numeric times: {string.Join(", ", TimeUnits.All.Select(each => each.Name()))}. Default: detected.",
        CustomParser = result => Parse(result, (string text, out TimeUnit? value) => TryParseUnit(text, out value), "a unit of time"),
        HelpName = "UNIT",
    };

    private readonly Option<TimePattern?> timeFormat = new("--time-format")
    {
        Description =
            "Format of times, such as \"dd/MM/yyyy HH:mm\" or \"%d/%m/%Y %H:%M\". Default: every format of docs/formats.md.",
        CustomParser = result => Parse<TimePattern>(result, TimePattern.TryParse, "a time format: it needs yyyy, MM and dd"),
        HelpName = "PATTERN",
    };

    private readonly Option<string?> columns = new("--columns")
    {
        Description =
            "Columns of a table, in their order, such as time,open,high,low,close,volume; - for an ignored column.",
        HelpName = "NAMES",
    };

    private readonly Option<string?> decimalSign = new("--decimal")
    {
        Description = "Decimal separator of a table's numbers: . or , (default: detected from the numbers).",
        HelpName = ".|,",
    };

    private readonly Option<Symbol?> symbol = new("--symbol")
    {
        Description = "Symbol of records without one.",
        CustomParser = result => Parse(result, (string text, out Symbol? value) => Symbol.TryParse(text, out value), "a symbol"),
        HelpName = "SYMBOL",
    };

    private readonly Option<Source?> source = new("--source")
    {
        Description = "Source of records without one. Default: the name of their file.",
        CustomParser = result => Parse(result, (string text, out Source? value) => Source.TryParse(text, out value), "a source name"),
        HelpName = "NAME",
    };

    private delegate bool TryParse<T>(string text, out T? value);

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[frame, stamped, zone, unit, timeFormat, columns, decimalSign, symbol, source])
            command.Options.Add(option);
        decimalSign.AcceptOnlyFromAmong(".", ",");
    }

    /// <summary>The given options, as command-line arguments.</summary>
    public IReadOnlyList<string> Given(ParseResult parsed) =>
    [
        .. ((Option[])[frame, stamped, zone, unit, timeFormat, columns, decimalSign, symbol, source])
            .Select(option => parsed.GetResult(option))
            .Where(result => result is { Implicit: false })
            .SelectMany(result => result!.Tokens.Select(token => token.Value).Prepend(result.Option.Name)),
    ];

    public ReadOptions Read(ParseResult parsed, IProgress<ReadProgress>? progress) => new()
    {
        Parser = new ParserOptions
        {
            BarFrame = parsed.GetValue(frame) ?? Frame.OneMinute,
            IsBarFrameGiven = parsed.GetValue(frame) is not null,
            TimeUnit = parsed.GetValue(unit),
            TimeFormat = parsed.GetValue(timeFormat),
            Columns = parsed.GetValue(columns),
            IsDecimalComma = parsed.GetValue(decimalSign) is { } sign ? sign == "," : null,
            Stamped = parsed.GetValue(stamped) ?? BarStamp.Start,
            Zone = parsed.GetValue(zone) ?? InputZone.Utc,
            DefaultSymbol = parsed.GetValue(symbol),
        },
        Source = parsed.GetValue(source),
        Progress = progress,
    };

    private static T? Parse<T>(ArgumentResult result, TryParse<T> tryParse, string what)
    {
        var text = result.Tokens.Single().Value;
        if (tryParse(text, out var value)) return value;
        result.AddError($"'{text}' is not {what}.");
        return default;
    }

    private static bool TryParseUnit(string text, out TimeUnit? unit)
    {
        unit = TimeUnits.TryParse(text, out var value) ? value : null;
        return unit is not null;
    }

    private static bool TryParseFrame(string text, out Frame? frame)
    {
        frame = Frames.TryParse(text, out var value) ? value : null;
        return frame is not null;
    }
}
