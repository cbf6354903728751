using System.CommandLine;
using System.CommandLine.Parsing;
using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Values;
using ActorTrading.Wire.Files;
using ActorTrading.Wire.Text;
using Symbol = ActorTrading.Domain.Values.Symbol;

namespace ActorTrading.Host.Commands;

/// <summary>The options of every command that reads files: what their text may leave open.</summary>
internal sealed class InputOptions
{
    private readonly Option<Frame?> frame = new("--frame")
    {
        Description = "The frame of bars that name none: a whole number of s, min or hour (30s, 2min, 4hour), 1day, 1week or 1month; 1min when left out.",
        CustomParser = result => Parse(result, (string text, out Frame? value) => TryParseFrame(text, out value), "a frame of bars"),
        HelpName = "FRAME",
    };

    private readonly Option<BarStamp?> stamped = new("--stamped")
    {
        Description = "Which end of a bar its stamp names; start when left out.",
        HelpName = "start|end",
    };

    private readonly Option<InputZone?> zone = new("--zone")
    {
        Description = "The time zone of stamps that name none, such as Europe/Berlin or -05:00; UTC when left out.",
        CustomParser = result => Parse<InputZone>(result, InputZone.TryParse, "a time zone"),
        HelpName = "ZONE",
    };

    private readonly Option<Symbol?> symbol = new("--symbol")
    {
        Description = "The symbol of records that name none.",
        CustomParser = result => Parse(result, (string text, out Symbol? value) => Symbol.TryParse(text, out value), "a symbol"),
        HelpName = "SYMBOL",
    };

    private readonly Option<Source?> source = new("--source")
    {
        Description = "The source of records that name none; the name of their file when left out.",
        CustomParser = result => Parse(result, (string text, out Source? value) => Source.TryParse(text, out value), "a source name"),
        HelpName = "NAME",
    };

    private delegate bool TryParse<T>(string text, out T? value);

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[frame, stamped, zone, symbol, source]) command.Options.Add(option);
    }

    public ReadOptions Read(ParseResult parsed, IProgress<ReadProgress>? progress) => new()
    {
        Parser = new ParserOptions
        {
            BarFrame = parsed.GetValue(frame) ?? Frame.OneMinute,
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

    private static bool TryParseFrame(string text, out Frame? frame)
    {
        frame = Frames.TryParse(text, out var value) && value != Frame.Tick ? value : null;
        return frame is not null;
    }
}
