using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Indicators;
using ActorTrading.Domain.Values;

namespace ActorTrading.Domain.Signals;

/// <summary>
/// Parser of the rule language, with one method per line of its grammar (docs/rules.md). Stops at the first error; the error has its
/// position and the correction.
/// Long because the grammar is.
/// </summary>
public sealed class RuleParser
{
    /// <summary>Maximum length of a rule, in characters.</summary>
    public const int MaxLength = 4_000;

    /// <summary>Maximum nesting depth of brackets, <c>not</c> and minus signs.</summary>
    public const int MaxDepth = 50;

    private const string Example = "buy when rsi(14) crosses below 30 on 5min";

    private static readonly string[] Keywords =
        ["when", "and", "or", "not", "crosses", "above", "below", "for", "bars", "bar", "on", "cooldown"];

    private static readonly string[] Fields = ["open", "high", "low", "close", "price", "volume", "size"];

    private readonly string text;
    private readonly RuleScanner scanner;
    private readonly List<Leaf> leaves = [];
    private readonly HashSet<Frame> framesSaid = [];
    private int depth;

    private RuleParser(string text)
    {
        this.text = text;
        scanner = new RuleScanner(text);
    }

    /// <summary>Parses the whole text as one rule. Case-insensitive; blanks are ignored.</summary>
    public static bool TryParse(
        string text, [NotNullWhen(true)] out Rule? rule, [NotNullWhen(false)] out RuleError? error)
    {
        rule = null;
        error = null;
        if (text.Length > MaxLength)
        {
            error = new RuleError($"a rule has at most {MaxLength} characters; this one has {text.Length}", MaxLength);
            return false;
        }

        try
        {
            rule = Read(text);
            error = FaultOfSpelling(rule);
            if (error is not null) rule = null;
            return rule is not null;
        }
        catch (SyntaxException syntax)
        {
            error = syntax.Error;
            return false;
        }
    }

    /// <exception cref="SyntaxException">The text is not a rule.</exception>
    private static Rule Read(string text) => new RuleParser(text.ToLowerInvariant().TrimEnd()).ParseRule();

    /// <summary>
    /// Checks that the canonical spelling is also a valid rule. Plans store rules in that spelling, which may have more brackets and blanks
    /// than the written text.
    /// </summary>
    private static RuleError? FaultOfSpelling(Rule rule)
    {
        var spelled = rule.ToString();
        if (spelled.Length > MaxLength)
            return new RuleError($"a rule has at most {MaxLength} characters; in its full form this one has {spelled.Length}", 0);
        try
        {
            Read(spelled);
            return null;
        }
        catch (SyntaxException syntax)
        {
            return new RuleError($"the full form of this rule is not valid: {syntax.Error.Message}", 0);
        }
    }

    // rule = action "when" condition [ "cooldown" duration ]
    private Rule ParseRule()
    {
        if (!SignalActions.TryParse(scanner.PeekWord(), out var action))
        {
            throw Expected(
                $"a rule begins with buy, sell or alert, as in: {Example}", scanner.PeekWord(), SignalActions.All.Select(a => a.Name()));
        }

        scanner.Word();
        if (!scanner.Take("when")) throw Expected($"'when' is expected here, as in: {Example}");

        var condition = ParseCondition();
        var cooldown = scanner.Take("cooldown") ? ParseDuration() : 0;
        if (!scanner.AtEnd)
        {
            throw cooldown > 0
                ? Error($"'{scanner.PeekToken()}' is not expected here: a rule ends with its cooldown")
                : Expected(
                    $"'{scanner.PeekToken()}' is not expected here; expected 'and', 'or', 'for N bars', 'on FRAME', "
                    + "'cooldown' or the end of the rule",
                    scanner.PeekWord(), Keywords);
        }

        return new Rule(action, WithFrames(condition), cooldown);
    }

    private Condition ParseCondition() => AsCondition(ParseOr());

    // or = and { "or" and }
    private Expression ParseOr()
    {
        var left = ParseAnd();
        while (scanner.PeekWord() == "or")
        {
            var before = AsCondition(left);
            scanner.Word();
            left = new Or(before, AsCondition(ParseAnd()));
        }

        return left;
    }

    // and = not { "and" not }
    private Expression ParseAnd()
    {
        var left = ParseNot();
        while (scanner.PeekWord() == "and")
        {
            var before = AsCondition(left);
            scanner.Word();
            left = new And(before, AsCondition(ParseNot()));
        }

        return left;
    }

    // not = "not" not | postfix
    private Expression ParseNot()
    {
        if (scanner.PeekWord() != "not") return ParsePostfix();
        Enter();
        scanner.Word();
        var inner = AsCondition(ParseNot());
        depth--;
        return new Not(inner);
    }

    // postfix = comparison { "for" N "bars" | "on" FRAME }
    private Expression ParsePostfix()
    {
        var firstLeaf = leaves.Count;
        var expression = ParseComparison();
        while (scanner.PeekWord() is "for" or "on")
        {
            if (expression is Operand)
            {
                throw scanner.PeekWord() == "on"
                    ? Error("'on' must follow a condition; write the frame of a single value as in close@5min")
                    : Error("'for' must follow a condition, as in: close > sma(20) for 3 bars");
            }

            var condition = (Condition)expression;
            if (scanner.Take("for"))
            {
                expression = new Held(condition, ParseBars());
            }
            else
            {
                scanner.Word();
                var frame = ParseFrame();
                framesSaid.Add(frame);
                foreach (var leaf in leaves.Skip(firstLeaf)) leaf.Frame ??= frame;
            }
        }

        return expression;
    }

    // comparison = sum [ ( "<" | "<=" | ">" | ">=" | "=" | "!=" | "crosses above" | "crosses below" ) sum ]
    private Expression ParseComparison()
    {
        var left = ParseSum();
        if (!AtComparison) return left;

        var comparisonAt = scanner.Position;
        if (left is not Operand leftOperand)
        {
            throw Error("the text before it is a condition, not a number to compare; join comparisons with 'and' or 'or'");
        }

        var isCrossing = scanner.Take("crosses");
        var above = isCrossing && ParseDirection();
        var comparator = isCrossing ? default : ParseComparator();
        var right = AsOperand(ParseSum, "a comparison");
        if (!leftOperand.Values.Any() && !right.Values.Any())
        {
            throw Error("both sides are constants; a rule compares a market value, such as close or sma(20)", comparisonAt);
        }

        if (AtComparison) throw Error("comparisons cannot be chained; write for instance: close > low and low > sma(20)");
        return isCrossing ? new Crossing(leftOperand, above, right) : new Comparison(leftOperand, comparator, right);
    }

    private bool AtComparison => scanner.PeekComparator() is not null || scanner.PeekWord() == "crosses";

    // sum = product { ( "+" | "-" ) product }
    private Expression ParseSum() => ParseSigns('+', '-', ParseProduct);

    // product = unary { ( "*" | "/" ) unary }
    private Expression ParseProduct() => ParseSigns('*', '/', ParseUnary);

    private Expression ParseSigns(char sign, char otherSign, Func<Expression> parsePart)
    {
        var left = parsePart();
        while (scanner.Next == sign || scanner.Next == otherSign)
        {
            var found = scanner.Next;
            if (left is not Operand leftOperand) throw Error($"'{found}' needs a number on each side, but a condition is before it");
            scanner.Take(found);
            left = new Arithmetic(leftOperand, found, AsOperand(parsePart, $"'{found}'"));
        }

        return left;
    }

    // unary = "-" unary | value
    private Expression ParseUnary()
    {
        if (scanner.Next != '-') return ParseValue();
        Enter();
        scanner.Take('-');
        var inner = AsOperand(ParseUnary, "'-'");
        depth--;
        return inner is Constant constant ? new Constant(constant.Value == 0 ? 0 : -constant.Value) : new Negated(inner);
    }

    // value = NUMBER | FIELD [ "@" FRAME ] | INDICATOR | "(" or ")"
    private Expression ParseValue()
    {
        if (scanner.Next == '(') return ParseBrackets();
        if (char.IsAsciiDigit(scanner.Next) || scanner.Next == '.') return ParseNumber();

        var word = scanner.PeekWord();
        if (word.Length == 0 || Keywords.Contains(word))
        {
            throw Expected("a value is expected here, such as close, sma(20) or 30");
        }

        return BarValue.TryParseField(word, out var field) ? ParseField(field) : ParseIndicator(word);
    }

    private Expression ParseBrackets()
    {
        var openedAt = scanner.Position;
        Enter();
        scanner.Take('(');
        var inner = ParseOr();
        depth--;
        return scanner.Take(')')
            ? inner
            : throw Expected($"a ')' is expected here, for the '(' in column {openedAt + 1}");
    }

    private Constant ParseNumber()
    {
        var word = scanner.PeekNumber();
        if (!double.TryParse(
            word, NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var value))
        {
            throw Error($"'{word}' is not a number; write numbers as in 30, 0.01 or 1e-5");
        }

        if (!double.IsFinite(value)) throw Error($"the number '{word}' is too large");
        scanner.MoveTo(scanner.Position + word.Length);
        if (scanner.Next == '%') throw Error("percent signs are not supported; write 0.01 for 1 %");
        return new Constant(value);
    }

    private BarValue ParseField(BarField field)
    {
        var at = scanner.Position;
        scanner.Word();
        var frame = scanner.Take('@') ? ParseFrame() : (Frame?)null;
        leaves.Add(new Leaf(at, frame));
        return new BarValue(field);
    }

    private IndicatorValue ParseIndicator(string word)
    {
        if (IndicatorRegistry.Find(word) is null)
        {
            var names = IndicatorRegistry.All.Select(kind => kind.Name).ToList();
            throw Expected(
                $"'{word}' is neither an indicator ({string.Join(", ", names)}) nor a number of the bar (open, high, low, close, volume)",
                word, names.Concat(Fields));
        }

        var at = scanner.Position;
        if (!IndicatorSpec.TryParsePrefix(text, at, out var spec, out var specError, out var end))
        {
            throw new SyntaxException(new RuleError(specError.Message, specError.Column));
        }

        if (spec.Output < 0 && spec.Kind.Outputs.Length > 0)
        {
            throw Error($"{spec.Kind.Name} has several values; name one: {string.Join(", ", spec.EachOutput().Select(s => s.ValueName))}");
        }

        scanner.MoveTo(end);
        leaves.Add(new Leaf(at, spec.Frame));
        return new IndicatorValue(spec with { Frame = null });
    }

    private bool ParseDirection()
    {
        if (scanner.Take("above")) return true;
        if (scanner.Take("below")) return false;
        throw Expected("'above' or 'below' is expected here, as in: rsi(14) crosses below 30");
    }

    private Comparator ParseComparator()
    {
        var sign = scanner.PeekComparator()!;
        scanner.MoveTo(scanner.Position + sign.Length);
        return sign switch
        {
            "<" => Comparator.Less,
            "<=" => Comparator.AtMost,
            ">" => Comparator.Greater,
            ">=" => Comparator.AtLeast,
            "=" or "==" => Comparator.Equal,
            _ => Comparator.NotEqual,
        };
    }

    private int ParseBars()
    {
        var word = scanner.PeekWord();
        if (!int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var bars)
            || bars is < 1 or > IndicatorKind.MaxLength)
        {
            throw Expected($"a whole number of bars from 1 to {IndicatorKind.MaxLength} is expected here, as in: for 3 bars");
        }

        scanner.Word();
        return scanner.Take("bars") || scanner.Take("bar") ? bars : throw Expected("'bars' is expected here, as in: for 3 bars");
    }

    private Frame ParseFrame()
    {
        var word = scanner.PeekWord();
        if (!Frames.TryParse(word, out var frame))
        {
            throw Error(word.Length == 0 ? $"a frame is expected here: {Frames.Expected}" : Frames.ErrorFor(word));
        }

        scanner.Word();
        return frame;
    }

    private long ParseDuration()
    {
        var at = scanner.Position;
        var word = scanner.Word();
        if (word.Length > 0 && word.All(char.IsAsciiDigit)) word += scanner.Word();
        return Durations.TryParse(word, out var nanoseconds)
            ? nanoseconds
            : throw Error(
                word.Length == 0
                    ? $"a duration is expected here: {Durations.Expected}"
                    : $"'{word}' is not a duration; expected {Durations.Expected}",
                at);
    }

    /// <summary>
    /// Sets the frame of each value. A value outside of every <c>on</c> takes the frame if all <c>on</c>s of the rule have the same one.
    /// Without any <c>on</c>, it takes the plan's default frame later.
    /// </summary>
    private Condition WithFrames(Condition condition)
    {
        if (framesSaid.Count == 1)
        {
            foreach (var leaf in leaves) leaf.Frame ??= framesSaid.Single();
        }
        else if (framesSaid.Count > 1 && leaves.Find(leaf => leaf.Frame is null) is { } lost)
        {
            var said = string.Join(" and ", framesSaid.Order().Select(frame => frame.Name()));
            throw Error(
                $"the frame is missing: the rule has 'on' {said} elsewhere; add @FRAME to this value or 'on FRAME' to its condition",
                lost.Column);
        }

        var next = 0;
        return condition.Map(value => value.WithFrame(leaves[next++].Frame));
    }

    private Condition AsCondition(Expression expression) =>
        expression as Condition
        ?? throw Expected(
            "a comparison is expected here: <, <=, >, >=, =, !=, 'crosses above' or 'crosses below'", scanner.PeekWord(), ["crosses"]);

    private Operand AsOperand(Func<Expression> parse, string before)
    {
        var at = scanner.Position;
        return parse() as Operand ?? throw Error($"{before} needs a number here, but this is a condition", at);
    }

    private void Enter()
    {
        if (++depth > MaxDepth) throw Error($"brackets, 'not' and minus signs nest at most {MaxDepth} deep");
    }

    private SyntaxException Expected(string message) =>
        Error(scanner.AtEnd || message.Contains($"'{scanner.PeekToken()}'", StringComparison.Ordinal)
            ? message
            : $"{message}; found '{scanner.PeekToken()}'");

    private SyntaxException Expected(string message, string written, IEnumerable<string> known) =>
        written.Length > 0 && Spelling.Nearest(written, known) is { } nearest && nearest != written
            ? Error($"{message}; did you mean '{nearest}'?")
            : Expected(message);

    private SyntaxException Error(string message) => Error(message, scanner.Position);

    private static SyntaxException Error(string message, int column) => new(new RuleError(message, column));

    /// <summary>Position of a market value in the text, and its frame as known so far.</summary>
    private sealed class Leaf(int column, Frame? frame)
    {
        public int Column { get; } = column;

        public Frame? Frame { get; set; } = frame;
    }

    /// <summary>Carries the first error out of the nested calls; never thrown to callers of this class.</summary>
    private sealed class SyntaxException(RuleError error) : Exception(error.Message)
    {
        public RuleError Error { get; } = error;
    }
}
