using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using ActorTrading.Domain.Calendars;

namespace ActorTrading.Domain.Indicators;

/// <summary>An error in the text of an indicator: the problem, its position (from 0), and the correction.</summary>
public sealed record SpecError(string Message, int Column);

/// <summary>
/// One use of an indicator in a plan or rule: <c>sma(20)</c>, <c>rsi(14,cutler)@5min</c>, <c>macd(12,26,9).signal</c>.
/// <paramref name="Output"/> is the index of the named output, or -1 without a name (the only output, or all of several).
/// </summary>
public sealed record IndicatorSpec(IndicatorKind Kind, IReadOnlyList<double> Arguments, int Output, Frame? Frame)
{
    /// <summary>
    /// Name and arguments in canonical spelling, such as <c>ema(20,first)</c>. Two uses with the same call share one state.
    /// </summary>
    public string Call { get; } = Kind.Spell(Arguments);

    /// <summary>The call with the output's name, without the frame.</summary>
    public string ValueName => Output < 0 || Kind.Outputs.Length == 0 ? Call : $"{Call}.{Kind.Outputs[Output]}";

    /// <summary>The canonical spelling, which parses to an equal use.</summary>
    public override string ToString() => Frame is { } frame ? $"{ValueName}@{frame.Name()}" : ValueName;

    /// <summary>This use split into one per output.</summary>
    public IEnumerable<IndicatorSpec> EachOutput() =>
        Output >= 0 || Kind.Outputs.Length == 0
            ? [this]
            : Kind.Outputs.Select((_, index) => this with { Output = index });

    /// <summary>Parses the whole text as one use of an indicator. Blanks are allowed between the parts.</summary>
    public static bool TryParse(
        string text, [NotNullWhen(true)] out IndicatorSpec? spec, [NotNullWhen(false)] out SpecError? error) =>
        TryParsePrefix(text, 0, out spec, out error, out var end) && AtEnd(text, end, ref spec, ref error);

    /// <summary>
    /// Parses one use of an indicator from <paramref name="start"/> on and returns its end; the text after it is ignored. Columns in errors
    /// count from the beginning of <paramref name="text"/>.
    /// </summary>
    public static bool TryParsePrefix(
        string text,
        int start,
        [NotNullWhen(true)] out IndicatorSpec? spec,
        [NotNullWhen(false)] out SpecError? error,
        out int end)
    {
        spec = null;
        var reader = new Reader(text, start);
        end = start;
        reader.SkipBlanks();
        var nameAt = reader.Position;
        var name = reader.Word();
        if (name.Length == 0)
            return Fail($"an indicator is expected here, such as {IndicatorRegistry.All[0].Signature}", nameAt, out error);
        if (IndicatorRegistry.Find(name) is not { } kind)
        {
            return Fail(
                $"'{name}' is no indicator; known: {string.Join(", ", IndicatorRegistry.All.Select(k => k.Name))}", nameAt, out error);
        }

        var arguments = kind.Parameters.Select(p => p.Default).ToArray();
        if (reader.Take('(') && !ReadArguments(ref reader, kind, arguments, out error)) return false;

        var output = -1;
        if (reader.Take('.'))
        {
            var outputAt = reader.Position;
            var word = reader.Word().ToString();
            output = Array.FindIndex(kind.Outputs, o => word == o);
            if (output < 0)
            {
                return Fail(
                    kind.Outputs.Length == 0
                        ? $"{kind.Name} has a single value, which has no name"
                        : $"'{word}' is not a value of {kind.Name}; it has .{string.Join(", .", kind.Outputs)}",
                    outputAt, out error);
            }
        }

        Frame? frame = null;
        if (reader.Take('@'))
        {
            var frameAt = reader.Position;
            var word = reader.Word().ToString();
            if (!Frames.TryParse(word, out var named))
            {
                return Fail(Frames.ErrorFor(word), frameAt, out error);
            }

            frame = named;
        }

        end = reader.Position;
        spec = new IndicatorSpec(kind, arguments, output, frame);
        error = null;
        return true;
    }

    /// <summary>Two uses are equal if their canonical spellings are equal.</summary>
    public bool Equals(IndicatorSpec? other) => other is not null && ToString() == other.ToString();

    /// <inheritdoc/>
    public override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);

    private static bool ReadArguments(
        ref Reader reader, IndicatorKind kind, double[] arguments, [NotNullWhen(false)] out SpecError? error)
    {
        error = null;
        var positional = 0;
        if (reader.Take(')')) return true;
        do
        {
            reader.SkipBlanks();
            var at = reader.Position;
            var word = reader.Argument().ToString();
            var variant = Array.FindIndex(kind.Parameters, p => p.Kind == ParameterKind.Variant && p.Name == word);
            if (variant >= 0)
            {
                if (GivenVariant(kind, arguments) is { } given)
                {
                    return Fail($"'{word}' cannot follow '{given}': {kind.Name} accepts only one of these words", at, out error);
                }

                arguments[variant] = 1;
                continue;
            }

            if (positional >= kind.Parameters.Length || kind.Parameters[positional].Kind == ParameterKind.Variant)
            {
                return Fail($"'{word}' is an extra argument or an unknown word; expected {kind.Signature}", at, out error);
            }

            var parameter = kind.Parameters[positional];
            if (parameter.Kind == ParameterKind.Length)
            {
                if (!int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var length)
                    || length < parameter.Minimum || length > IndicatorKind.MaxLength)
                {
                    return Fail(
                        $"{parameter.Name} of {kind.Signature} is a whole number of bars from {parameter.Minimum} to "
                        + $"{IndicatorKind.MaxLength}, not '{word}'",
                        at, out error);
                }

                arguments[positional++] = length;
            }
            else
            {
                if (!double.TryParse(word, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var factor)
                    || factor is not (>= IndicatorKind.MinFactor and <= IndicatorKind.MaxFactor))
                {
                    return Fail(
                        $"{parameter.Name} of {kind.Signature} is a number from {IndicatorKind.MinFactor} to {IndicatorKind.MaxFactor}, "
                        + $"not '{word}'",
                        at, out error);
                }

                arguments[positional++] = factor;
            }
        }
        while (reader.Take(','));

        return reader.Take(')') || Fail("a ')' is missing here", reader.Position, out error);
    }

    private static string? GivenVariant(IndicatorKind kind, double[] arguments)
    {
        for (var i = 0; i < arguments.Length; i++)
        {
            if (kind.Parameters[i].Kind == ParameterKind.Variant && arguments[i] != 0) return kind.Parameters[i].Name;
        }

        return null;
    }

    private static bool AtEnd(string text, int end, ref IndicatorSpec? spec, ref SpecError? error)
    {
        var rest = text.AsSpan(end).TrimStart();
        if (rest.IsEmpty) return true;
        spec = null;
        error = new SpecError($"'{rest}' is not expected after the indicator", text.Length - rest.Length);
        return false;
    }

    private static bool Fail(string message, int column, [NotNullWhen(false)] out SpecError? error)
    {
        error = new SpecError(message, column);
        return false;
    }

    private ref struct Reader(string text, int position)
    {
        public int Position { get; private set; } = position;

        public bool Take(char expected)
        {
            var before = Position;
            SkipBlanks();
            if (Position < text.Length && text[Position] == expected)
            {
                Position++;
                return true;
            }

            Position = before;
            return false;
        }

        public ReadOnlySpan<char> Word() => While(static c => char.IsAsciiLetterOrDigit(c) || c == '_');

        public ReadOnlySpan<char> Argument() => While(static c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '+' or '_');

        public void SkipBlanks() => While(char.IsWhiteSpace);

        private ReadOnlySpan<char> While(Func<char, bool> accepted)
        {
            var start = Position;
            while (Position < text.Length && accepted(text[Position])) Position++;
            return text.AsSpan(start, Position - start);
        }
    }
}
