using System.Globalization;
using System.Text.Json;
using ActorTrading.Domain.Admission;
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
    private const decimal MaxPercent = 1_000_000;

    private static readonly string[] SymbolKeys =
        ["calendar", "frames", "indicators", "rules", "price", "limits", "price_decimals", "size_decimals", "prices"];
    private static readonly string[] PlanKeys = [.. SymbolKeys, "symbols"];
    private static readonly string[] TimeFormats = ["yyyy-MM-dd", "yyyy-MM-dd'T'HH:mm:ss'Z'"];

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
            json.Fail(
                "$",
                $"this is no JSON: {WhatIsWrong(exception)} (line {exception.LineNumber + 1}, column {exception.BytePositionInLine + 1})");
        }
        catch (InvalidOperationException)
        {
            // The only case in which a JSON document accepts a string but cannot return it.
            json.Fail("$", "a text in this plan is no valid Unicode (half of a surrogate pair, or bytes that are not UTF-8)");
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

        Check(plan, plan);
        foreach (var (_, draft) in symbols) Check(draft, draft.Over(plan));
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
                json.Fail(symbolPath, $"'{name}' is no symbol; a symbol has 1 to {Symbol.MaxLength} bytes: "
                    + "printable characters without quotes, commas or backslashes, and no blank at its ends");
                continue;
            }

            if (symbols.Exists(one => one.Item1.Equals(symbol)))
            {
                json.Fail(symbolPath, $"'{symbol}' is named twice, in two spellings");
                continue;
            }

            if (!json.IsObject(value, symbolPath, "an object with what is different for the symbol")) continue;
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
                draft.Limits = ReadLimits(value, path);
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
        if (frames.Count == 0) json.Fail(path, $"a plan needs a frame at least; a frame is {Frames.Expected}");
        json.RefuseRepeated(frames, listed => listed.Text);
        return errors.Count == before ? [.. frames.Select(listed => listed.Value).Order()] : null;
    }

    private Listed<Frame>? ReadFrame(JsonElement element, string path)
    {
        if (json.Text(element, path, "a frame such as 1min") is not { } text) return null;
        if (Frames.TryParse(text, out var frame)) return new(frame, frame.Name(), path);
        json.Fail(path, Frames.Refusal(text));
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
        json.Fail(path, $"a name has 1 to {MaxNameLength} characters, no blank at its ends and no control characters");
        return null;
    }

    private Limits? ReadLimits(JsonElement element, string path)
    {
        if (!json.IsObject(element, path, """an object such as {"from": "2000-01-01", "spike": {"percent": 20, "within": "5min"}}"""))
            return null;
        var limits = Limits.Default;
        foreach (var (key, value, keyPath) in json.Keys(element, path, ["from", "to", "crossed_quotes", "spike"]))
        {
            limits = key switch
            {
                "from" => limits with { From = ReadTime(value, keyPath) ?? limits.From },
                "to" => limits with { To = ReadTime(value, keyPath) ?? limits.To },
                "crossed_quotes" => limits with
                {
                    CrossedQuotes = json.OneOf(value, keyPath, "answer", ["reject", "accept"], answer => answer) == "accept",
                },
                _ => ReadSpike(limits, value, keyPath),
            };
        }

        if (limits.From >= limits.To) json.Fail(path, $"'from' must be before 'to'; they are {limits.From} and {limits.To}");
        return limits;
    }

    private Limits ReadSpike(Limits limits, JsonElement element, string path)
    {
        if (!json.IsObject(element, path, """an object such as {"percent": 20, "within": "5min"}""")) return limits;
        foreach (var (key, value, keyPath) in json.Keys(element, path, ["percent", "within"]))
        {
            if (key == "percent")
            {
                if (value.ValueKind == JsonValueKind.Number && value.TryGetDecimal(out var percent) && percent is >= 0 and <= MaxPercent)
                {
                    limits = limits with { SpikeBand = (double)(decimal.Round(percent, 8) / 100) };
                }
                else
                {
                    json.Fail(
                        keyPath, $"a percentage is a number from 0 (no band) to {MaxPercent}, such as 20; found {PlanJson.Found(value)}");
                }
            }
            else if (json.Text(value, keyPath, $"a duration: {Durations.Expected}") is { } text)
            {
                if (Durations.TryParse(text.ToLowerInvariant(), out var within)) limits = limits with { SpikeWithin = within };
                else json.Fail(keyPath, $"'{text}' is no duration; it is {Durations.Expected}");
            }
        }

        return limits;
    }

    private Timestamp? ReadTime(JsonElement element, string path)
    {
        const string Expected = "a UTC date or time such as 2020-01-31 or 2020-01-31T14:30:00Z";
        if (json.Text(element, path, Expected) is not { } text) return null;
        const DateTimeStyles Utc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        if (DateTime.TryParseExact(text, TimeFormats, CultureInfo.InvariantCulture, Utc, out var time) && time.Year is >= 1678 and <= 2261)
        {
            return Timestamp.FromDateTime(time);
        }

        json.Fail(path, $"'{text}' is not {Expected}, from 1678 to 2261");
        return null;
    }

    /// <summary>
    /// Checks indicators and rules against the frames of the plan (or of the symbol). If a symbol inherits both frames and list, they were
    /// checked with the plan.
    /// </summary>
    private void Check(PlanDraft own, PlanDraft whole)
    {
        if (own.Indicators is { } indicators) RefuseRepeatedIndicators(indicators);
        if (own.Rules is { } named) json.RefuseRepeated(named, listed => listed.Value.Name, "name");
        if (!whole.FramesAreGood) return;

        var frames = whole.Frames ?? DefaultFrames;
        var defaultFrame = PlanSettings.DefaultFrameOf(frames);
        var isPlan = own == whole;
        foreach (var listed in whole.Indicators ?? [])
        {
            if (listed.Value.Frame is { } frame) CheckFrame(listed.Path, listed.Text, frame, isInherited: own.Indicators is null);
        }

        foreach (var listed in whole.Rules ?? [])
        {
            foreach (var frame in listed.Value.Rule.Frames(defaultFrame))
            {
                CheckFrame(listed.Path, listed.Text, frame, isInherited: own.Rules is null);
            }
        }

        if (own.Rules is not null || own.Frames is not null)
        {
            RefuseRepeatedRules(
                whole.Rules ?? [], defaultFrame, inheritedPath: isPlan || own.Rules is not null ? null : own.Path + ".frames");
        }

        void CheckFrame(string path, string text, Frame frame, bool isInherited)
        {
            if (frame == Frame.Tick || frames.Contains(frame)) return;
            if (isInherited && !isPlan)
            {
                if (own.Frames is null) return;
                json.Fail(
                    own.Path + ".frames",
                    $"{frame.Name()} is missing, which {path} ('{text}') needs; add it, or give the symbol its own list");
                return;
            }

            errors.Add(new PlanError(
                path, $"{frame.Name()} is not among the frames {PlanJson.Join(frames.Select(f => f.Name()))}; "
                    + "add it to 'frames' or name one of them (tick needs no entry)",
                text, ColumnOf(text, frame.Name())));
        }
    }

    private void RefuseRepeatedIndicators(List<Listed<IndicatorSpec>> indicators)
    {
        var outputs = indicators.SelectMany(
            listed => listed.Value.EachOutput().Select(output => (Name: output.ToString(), Listed: listed)));
        foreach (var twice in outputs.GroupBy(x => x.Name).Where(group => group.Count() > 1).DistinctBy(group => group.Last().Listed))
        {
            json.Fail(twice.Last().Listed.Path, $"'{twice.Key}' is there already, as {twice.First().Listed.Path}; leave one out");
        }
    }

    private void RefuseRepeatedRules(List<Listed<NamedRule>> rules, Frame defaultFrame, string? inheritedPath)
    {
        // Ids are computed with the default frame resolved. Two rules with one id would give their signals the same ids.
        foreach (var twice in rules.GroupBy(listed => listed.Value.Rule.Id(defaultFrame)).Where(group => group.Count() > 1))
        {
            json.Fail(inheritedPath ?? twice.Last().Path, $"this rule is there already, as {twice.First().Path}; leave one out");
        }
    }

    /// <summary>Column of a whole word in a text; 0 if the word is not in the text (a default).</summary>
    private static int ColumnOf(string text, string word)
    {
        for (var at = 0; (at = text.IndexOf(word, at, StringComparison.OrdinalIgnoreCase)) >= 0; at++)
        {
            var end = at + word.Length;
            if ((at == 0 || !char.IsLetterOrDigit(text[at - 1])) && (end == text.Length || !char.IsLetterOrDigit(text[end]))) return at;
        }

        return 0;
    }

    private static string WhatIsWrong(JsonException exception)
    {
        var message = exception.Message;
        var positionAt = message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return (positionAt < 0 ? message : message[..positionAt]).TrimEnd('.', ' ');
    }
}
