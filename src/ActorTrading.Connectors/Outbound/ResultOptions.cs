using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Indicators;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Values;

namespace ActorTrading.Connectors.Outbound;

/// <summary>Which results a connector sends. Described in docs/connectors.md.</summary>
public sealed record ResultOptions
{
    /// <summary>The fields of messages of <see cref="ResultKind.Volatility"/> where the settings name none.</summary>
    public static IReadOnlyList<ResultField> Averages { get; } = [Field("MOVING_AVG", "sma(100)"), Field("EXP_MOVING_AVG", "ema(100)")];

    /// <summary>What is sent.</summary>
    public required ResultKind Kind { get; init; }

    /// <summary>Of which symbols; null for all. Rejects that name no symbol are sent either way.</summary>
    public IReadOnlySet<Symbol>? Symbols { get; init; }

    /// <summary>
    /// Bars and values of which frames; null for all of the plan but <c>tick</c>, and of volatility for <c>tick</c> alone.
    /// </summary>
    public IReadOnlySet<Frame>? Frames { get; init; }

    /// <summary>Signals of which rules, by name; null for all.</summary>
    public IReadOnlySet<string>? Rules { get; init; }

    /// <summary>
    /// Which indicators messages of values have, and under which names; null for all columns of the frame under their own.
    /// </summary>
    public IReadOnlyList<ResultField>? Fields { get; init; }

    /// <summary>Whether a connector that is new begins with the first result that there is, and not with those to come.</summary>
    public bool FromFirst { get; init; }

    /// <summary>The frames that are wanted; null for all but <c>tick</c>.</summary>
    internal IReadOnlySet<Frame>? Wanted => Frames ?? (Kind == ResultKind.Volatility ? new HashSet<Frame> { Frame.Tick } : null);

    /// <summary>The fields that are wanted; null for all columns.</summary>
    internal IReadOnlyList<ResultField>? WantedFields => Fields ?? (Kind == ResultKind.Volatility ? Averages : null);

    /// <summary>What a plan lacks that this waits for; null where it lacks nothing.</summary>
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

/// <summary>An indicator, and the name that its values have in messages.</summary>
public sealed record ResultField(string Name, IndicatorSpec Spec)
{
    /// <summary>Reads an indicator as docs/indicators.md names them, one value of it.</summary>
    public static bool TryParse(string name, string text, out ResultField field)
    {
        field = null!;
        if (!IndicatorSpec.TryParse(text, out var spec, out _) || spec.EachOutput().Count() != 1) return false;
        field = new ResultField(name, spec.EachOutput().First());
        return true;
    }

    /// <summary>Whether a column has its values, on that frame (null: on any).</summary>
    internal bool Is(IndicatorColumn column, Frame? frame) =>
        column.Spec.ValueName == Spec.ValueName
        && (frame is null || column.Spec.Frame is null || column.Spec.Frame == frame)
        && (Spec.Frame is null || column.Spec.Frame is null || column.Spec.Frame == Spec.Frame);
}
