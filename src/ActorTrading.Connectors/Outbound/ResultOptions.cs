using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Indicators;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Values;

namespace ActorTrading.Connectors.Outbound;

/// <summary>Options of the results that a connector sends. See docs/connectors.md.</summary>
public sealed record ResultOptions
{
    /// <summary>The default fields of messages of <see cref="ResultKind.Volatility"/>.</summary>
    public static IReadOnlyList<ResultField> Averages { get; } = [Field("MOVING_AVG", "sma(100)"), Field("EXP_MOVING_AVG", "ema(100)")];

    /// <summary>The kind of results.</summary>
    public required ResultKind Kind { get; init; }

    /// <summary>The symbols; null for all. Rejections without a symbol are always sent.</summary>
    public IReadOnlySet<Symbol>? Symbols { get; init; }

    /// <summary>The frames of bars and values. Null: all frames of the plan except <c>tick</c>; for volatility <c>tick</c> only.</summary>
    public IReadOnlySet<Frame>? Frames { get; init; }

    /// <summary>The rules of signals, by name; null for all.</summary>
    public IReadOnlySet<string>? Rules { get; init; }

    /// <summary>
    /// The indicators in messages of values, with their field names; null for all columns of the frame with their own names.
    /// </summary>
    public IReadOnlyList<ResultField>? Fields { get; init; }

    /// <summary>Whether a new connector starts with the first existing result; otherwise it sends only new results.</summary>
    public bool FromFirst { get; init; }

    /// <summary>The effective frames; null for all except <c>tick</c>.</summary>
    internal IReadOnlySet<Frame>? Wanted => Frames ?? (Kind == ResultKind.Volatility ? new HashSet<Frame> { Frame.Tick } : null);

    /// <summary>The effective fields; null for all columns.</summary>
    internal IReadOnlyList<ResultField>? WantedFields => Fields ?? (Kind == ResultKind.Volatility ? Averages : null);

    /// <summary>The message if the plan lacks something that these options need; otherwise null.</summary>
    public string? Problem(Plan plan)
    {
        var settings = plan.Overrides.Values.Append(plan.Settings).ToList();
        if (Rules?.FirstOrDefault(rule => !settings.Exists(one => one.Rules.Any(known => known.Name == rule))) is { } missing)
            return $"the plan has no rule '{missing}'";
        if (Kind is not (ResultKind.Bars or ResultKind.Values or ResultKind.Volatility)) return null;
        foreach (var frame in Wanted ?? new HashSet<Frame>())
        {
            if (!settings.Exists(one => one.Frames.Contains(frame))) return $"the plan does not list the frame {frame.Name()}";
        }

        if (Kind == ResultKind.Bars) return null;
        var unlisted = WantedFields?.FirstOrDefault(field => !settings.Exists(one => one.Columns.Any(column => field.Is(column, null))));
        return unlisted is { } absent
            ? $"the plan lists no indicator {absent.Spec.ValueName}"
            : null;
    }

    private static ResultField Field(string name, string text) =>
        ResultField.TryParse(name, text, out var field) ? field : throw new FormatException(text);
}

/// <summary>An indicator and its field name in messages.</summary>
public sealed record ResultField(string Name, IndicatorSpec Spec)
{
    /// <summary>Parses one indicator output, in the form of docs/indicators.md.</summary>
    public static bool TryParse(string name, string text, out ResultField field)
    {
        field = null!;
        if (!IndicatorSpec.TryParse(text, out var spec, out _) || spec.EachOutput().Count() != 1) return false;
        field = new ResultField(name, spec.EachOutput().First());
        return true;
    }

    /// <summary>Whether a column has the values of this field on that frame (null: on any).</summary>
    internal bool Is(IndicatorColumn column, Frame? frame) =>
        column.Spec.ValueName == Spec.ValueName
        && (frame is null || column.Spec.Frame is null || column.Spec.Frame == frame)
        && (Spec.Frame is null || column.Spec.Frame is null || column.Spec.Frame == Spec.Frame);
}
