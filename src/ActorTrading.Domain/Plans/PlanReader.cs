using System.Text.Json;
using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Indicators;
using ActorTrading.Domain.Signals;
using ActorTrading.Domain.Values;

namespace ActorTrading.Domain.Plans;

/// <summary>
/// Reads plans from JSON and collects all errors. First it reads each key alone. Then it checks, for the plan and for every symbol with
/// overrides, that the frames of indicators and rules exist.
/// </summary>
internal sealed class PlanReader
{
    /// <summary>Default frames of a plan.</summary>
    public static readonly List<Frame> DefaultFrames =
        [Frame.OneMinute, Frame.FiveMinutes, Frame.FifteenMinutes, Frame.OneHour, Frame.OneDay];

    /// <summary>Value of <c>prices</c> that allows zero and negative prices.</summary>
    public const string AnyPrices = "any";

    /// <summary>Value of <c>prices</c> that requires positive prices.</summary>
    public const string PositivePrices = "positive";

    private const int MaxNameLength = 64;
    private const int MaxOwnCalendars = 16;

    private static readonly string[] SymbolKeys =
        ["calendar", "frames", "indicators", "rules", "price", "limits", "price_decimals", "size_decimals", "prices"];
    private static readonly string[] PlanKeys = [.. SymbolKeys, "symbols"];

    private static readonly JsonDocumentOptions Lenient =
        new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip };

    private readonly List<PlanError> errors = [];
    private readonly PlanJson json;
    private readonly ICalendarSource calendars;
    private int ownCalendars;

    /// <summary>Creates a reader of one plan, with the available calendars.</summary>
    public PlanReader(ICalendarSource calendars)
    {
        this.calendars = calendars;
        json = new PlanJson(errors);
    }

    /// <summary>The errors found, in the order of the plan.</summary>
    public IReadOnlyList<PlanError> Errors => errors;

    /// <summary>Reads the plan. Returns null if there are errors.</summary>
    public Plan? Read(ReadOnlySpan<byte> utf8)
    {
        if (utf8.StartsWith("\uFEFF"u8)) utf8 = utf8[3..];
        try
        {
            using var document = JsonDocument.Parse(utf8.ToArray(), Lenient);
            return ReadPlan(document.RootElement);
        }
        catch (JsonException exception)
        {
            var (line, column) = ((exception.LineNumber ?? 0) + 1, (exception.BytePositionInLine ?? 0) + 1);
            errors.Add(new PlanError("$", $"not valid JSON: {WhatIsWrong(exception)} (line {line}, column {column})")
            {
                Position = (line, column),
            });
        }
        catch (InvalidOperationException)
        {
            // The only case in which a JSON document accepts a string but cannot return it.
            json.Fail("$", "a text in this plan is not valid Unicode (half of a surrogate pair, or bytes that are not UTF-8)");
        }

        return null;
    }

    private Plan? ReadPlan(JsonElement root)
    {
        var plan = new PlanDraft("$");
        if (!json.IsObject(root, "$", """a plan, as in {"frames": ["1min"], "indicators": ["sma(20)"]}""")) return null;

        List<(Symbol Symbol, PlanDraft Draft)> symbols = [];
        foreach (var (key, value, path) in json.Keys(root, "$", PlanKeys))
        {
            if (key == "symbols") ReadSymbols(value, path, symbols);
            else ReadKey(plan, key, value, path);
        }

        var checks = new PlanChecks(json, errors);
        checks.Check(plan, plan);
        foreach (var (_, draft) in symbols) checks.Check(draft, draft.Over(plan));
        return errors.Count == 0 ? Assemble(plan, symbols) : null;
    }

    /// <summary>Symbols with equal settings share one object. Symbols with the settings of the plan have no overrides.</summary>
    private static Plan Assemble(PlanDraft plan, List<(Symbol Symbol, PlanDraft Draft)> symbols)
    {
        var settings = plan.ToSettings();
        Dictionary<(PlanHash, string), PlanSettings> shared = new() { [KeyOf(settings)] = settings };
        Dictionary<Symbol, PlanSettings> overrides = [];
        foreach (var (symbol, draft) in symbols)
        {
            var own = draft.Over(plan).ToSettings();
            if (shared.TryAdd(KeyOf(own), own) || shared[KeyOf(own)] != settings) overrides.Add(symbol, shared[KeyOf(own)]);
        }

        return new Plan(settings, overrides);

        static (PlanHash, string) KeyOf(PlanSettings settings) => (settings.Hash, string.Join('\n', settings.IndicatorTexts));
    }

    private void ReadSymbols(JsonElement element, string path, List<(Symbol, PlanDraft)> symbols)
    {
        if (!json.IsObject(element, path, """an object with a symbol for each key, as in {"AAPL": {"frames": ["1min"]}}""")) return;
        foreach (var (name, value, symbolPath) in json.Keys(element, path, known: null))
        {
            if (!Symbol.TryParse(name, out var symbol))
            {
                json.Fail(symbolPath, $"'{name}' is not a symbol; a symbol has 1 to {Symbol.MaxLength} bytes: "
                    + "printable characters without quotes, commas or backslashes, and no leading or trailing blank");
                continue;
            }

            if (symbols.Exists(one => one.Item1.Equals(symbol)))
            {
                json.Fail(symbolPath, $"'{symbol}' occurs twice, in two spellings");
                continue;
            }

            if (!json.IsObject(value, symbolPath, "an object with the settings of the symbol")) continue;
            var draft = new PlanDraft(symbolPath);
            foreach (var (key, inner, innerPath) in json.Keys(value, symbolPath, SymbolKeys)) ReadKey(draft, key, inner, innerPath);
            symbols.Add((symbol, draft));
        }
    }

    private void ReadKey(PlanDraft draft, string key, JsonElement value, string path)
    {
        switch (key)
        {
            case "calendar":
                draft.Calendar = ReadCalendar(value, path);
                break;
            case "price":
                var source = json.OneOf(value, path, "price", PriceSources.All.Cast<PriceSource?>(), price => price!.Value.Name());
                draft.PriceSource = source;
                break;
            case "frames":
                draft.Frames = ReadFrames(value, path);
                draft.FramesAreGood = draft.Frames is not null;
                break;
            case "indicators":
                draft.Indicators = json.ReadList(value, path, "sma(20)", ReadIndicator);
                break;
            case "rules":
                draft.Rules = json.ReadList(value, path, "buy when rsi(14) crosses below 30 on 5min", ReadRule);
                break;
            case "price_decimals":
                draft.PriceDecimals = ReadDecimals(value, path);
                break;
            case "size_decimals":
                draft.SizeDecimals = ReadDecimals(value, path);
                break;
            case "prices":
                draft.AnyPrices = json.OneOf(value, path, "answer", [PositivePrices, AnyPrices], answer => answer) == AnyPrices;
                break;
            default:
                draft.Limits = new LimitsReader(json).Read(value, path);
                break;
        }
    }

    private int? ReadDecimals(JsonElement element, string path)
    {
        if (element.ValueKind == JsonValueKind.Number && element.TryGetInt32(out var decimals) && decimals is >= 0 and <= Units.MaxDecimals)
            return decimals;
        json.Fail(path, $"expected a whole number from 0 to {Units.MaxDecimals}, such as 8; found {PlanJson.Found(element)}");
        return null;
    }

    private TradingCalendar? ReadCalendar(JsonElement element, string path)
    {
        if (element.ValueKind == JsonValueKind.Object && ++ownCalendars > MaxOwnCalendars)
        {
            json.Fail(path, $"a plan defines at most {MaxOwnCalendars} calendars");
            return null;
        }

        return calendars.Read(element, path, errors);
    }

    private List<Frame>? ReadFrames(JsonElement element, string path)
    {
        var before = errors.Count;
        var frames = json.ReadList(element, path, "1min", ReadFrame);
        if (errors.Count > before || frames is null) return null;
        if (frames.Count == 0) json.Fail(path, $"a plan needs at least one frame; a frame is {Frames.Expected}");
        json.RefuseRepeated(frames, listed => listed.Text);
        return errors.Count == before ? [.. frames.Select(listed => listed.Value).Order()] : null;
    }

    private Listed<Frame>? ReadFrame(JsonElement element, string path)
    {
        if (json.Text(element, path, "a frame such as 1min") is not { } text) return null;
        if (Frames.TryParse(text, out var frame)) return new(frame, frame.Name(), path);
        json.Fail(path, Frames.ErrorFor(text));
        return null;
    }

    private Listed<IndicatorSpec>? ReadIndicator(JsonElement element, string path)
    {
        if (json.Text(element, path, "an indicator such as sma(20)") is not { } text) return null;
        if (IndicatorSpec.TryParse(text.ToLowerInvariant(), out var spec, out var error)) return new(spec, text, path);
        errors.Add(new PlanError(path, error.Message, text, error.Column));
        return null;
    }

    private Listed<NamedRule>? ReadRule(JsonElement element, string path)
    {
        string? name = null;
        if (element.ValueKind == JsonValueKind.Object)
        {
            JsonElement? rule = null;
            foreach (var (key, value, keyPath) in json.Keys(element, path, ["name", "rule"]))
            {
                if (key == "rule") rule = value;
                else name = ReadName(value, keyPath);
            }

            if (rule is null)
            {
                json.Fail(path, """a rule with a name is written {"name": "trend", "rule": "buy when ..."}; 'rule' is missing""");
                return null;
            }

            element = rule.Value;
            path += ".rule";
        }

        if (json.Text(element, path, "a rule such as 'buy when rsi(14) crosses below 30 on 5min'") is not { } text) return null;
        if (RuleParser.TryParse(text, out var parsed, out var error))
        {
            return new(new NamedRule(name ?? parsed.ToString(), parsed), text, path);
        }

        errors.Add(new PlanError(path, error.Message, text, error.Column));
        return null;
    }

    private string? ReadName(JsonElement element, string path)
    {
        if (json.Text(element, path, "a name such as trend") is not { } name) return null;
        if (name.Length is > 0 and <= MaxNameLength && name.Trim() == name && !name.Any(char.IsControl)) return name;
        json.Fail(path, $"a name has 1 to {MaxNameLength} characters, no leading or trailing blank and no control characters");
        return null;
    }

    private static string WhatIsWrong(JsonException exception)
    {
        var message = exception.Message;
        var positionAt = message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return (positionAt < 0 ? message : message[..positionAt]).TrimEnd('.', ' ');
    }
}
