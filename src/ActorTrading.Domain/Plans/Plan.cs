using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Values;

namespace ActorTrading.Domain.Plans;

/// <summary>
/// Immutable definition of the computation: frames, indicators, rules, calendar, price source and limits, with overrides for symbols. The
/// JSON form is in docs/plan.md. Thread-safe.
/// </summary>
public sealed class Plan
{
    /// <summary>Maximum size, in bytes of JSON, of a plan that is changed at runtime.</summary>
    public const int MaxLength = 1 << 20;

    private ImmutableDictionary<Symbol, PlanSettings> excluding = ImmutableDictionary<Symbol, PlanSettings>.Empty;

    internal Plan(PlanSettings settings, IReadOnlyDictionary<Symbol, PlanSettings> overrides)
    {
        Settings = settings;
        Overrides = overrides;
        Hash = PlanHash.Of(
            PlanWriter.Write(this), [settings.Calendar, .. overrides.OrderBy(pair => pair.Key).Select(pair => pair.Value.Calendar)]);
    }

    /// <summary>The plan that is used if none is given.</summary>
    public static Plan Default { get; } = Parse(
        """
        {
          "calendar": "24h",
          "frames": ["1min", "5min", "15min", "1hour", "1day"],
          "indicators": [
            "sma(20)", "ema(20)", "ema(100)", "rsi(14)", "volatility(100)",
            "sma(100)@tick", "ema(100)@tick", "volatility(100)@tick"
          ],
          "rules": [
            { "name": "oversold", "rule": "buy when rsi(14) crosses below 30 on 5min" },
            { "name": "overbought", "rule": "sell when rsi(14) crosses above 70 on 5min" },
            { "name": "trend", "rule": "buy when ema(20) crosses above ema(100) on 1min and rsi(14)@5min < 70 cooldown 15min" },
            { "name": "storm", "rule": "alert when volatility(100) > 0.005 for 3 bars on 1min cooldown 1hour" }
          ]
        }
        """);

    /// <summary>The settings of every symbol without overrides.</summary>
    public PlanSettings Settings { get; }

    /// <summary>The settings of the symbols with overrides.</summary>
    public IReadOnlyDictionary<Symbol, PlanSettings> Overrides { get; }

    /// <summary>The hash of the settings and all overrides.</summary>
    public PlanHash Hash { get; }

    /// <summary>
    /// The symbols with exclusions, see <see cref="PlanSettings.Exclusions"/>. Exclusions are not part of the plan's hash or its JSON.
    /// </summary>
    public IEnumerable<Symbol> ExcludingSymbols => excluding.Keys;

    /// <summary>The settings of a symbol. Symbols with equal settings get the same object.</summary>
    public PlanSettings For(Symbol symbol) =>
        !excluding.IsEmpty && excluding.TryGetValue(symbol, out var own) ? own : Overrides.GetValueOrDefault(symbol, Settings);

    /// <summary>A copy with other exclusions for a symbol, or with none.</summary>
    public Plan With(Symbol symbol, Exclusions? exclusions)
    {
        var copy = (Plan)MemberwiseClone();
        copy.excluding = exclusions is null ? excluding.Remove(symbol) : excluding.SetItem(symbol, For(symbol).With(exclusions));
        return copy;
    }

    /// <summary>A copy with the exclusions of another plan.</summary>
    public Plan WithExclusionsOf(Plan other)
    {
        var copy = (Plan)MemberwiseClone();
        copy.excluding = other.excluding.ToImmutableDictionary(
            pair => pair.Key, pair => Overrides.GetValueOrDefault(pair.Key, Settings).With(pair.Value.Exclusions));
        return copy;
    }

    /// <summary>A copy with other units for some symbols; their other settings do not change.</summary>
    public Plan WithUnits(IReadOnlyDictionary<Symbol, Units> units)
    {
        var overrides = Overrides.ToDictionary(pair => pair.Key, pair => pair.Value);
        foreach (var (symbol, one) in units) overrides[symbol] = Overrides.GetValueOrDefault(symbol, Settings).With(one);
        return new Plan(Settings, overrides).WithExclusionsOf(this);
    }

    /// <summary>
    /// Parses a plan from JSON; comments and trailing commas are allowed. If it returns false, <paramref name="errors"/> holds all errors.
    /// </summary>
    public static bool TryParse(
        ReadOnlySpan<byte> utf8, ICalendarSource calendars, [NotNullWhen(true)] out Plan? plan, out IReadOnlyList<PlanError> errors)
    {
        var reader = new PlanReader(calendars);
        plan = reader.Read(utf8);
        errors = reader.Errors;
        return plan is not null;
    }

    /// <summary>Parses a plan from JSON. Without <c>calendars</c> the plan can use only the calendars of this assembly.</summary>
    /// <exception cref="FormatException">The plan is not valid; the message contains every error.</exception>
    public static Plan Parse(string json, ICalendarSource? calendars = null) =>
        TryParse(Encoding.UTF8.GetBytes(json), calendars ?? BuiltInCalendars.Source, out var plan, out var errors)
            ? plan
            : throw new FormatException(string.Join('\n', errors));

    /// <summary>The plan as canonical JSON, which parses to a plan with the same hash.</summary>
    public string ToJson() => Encoding.UTF8.GetString(PlanWriter.Write(this, readable: true));

    /// <summary>The plan as canonical JSON without blanks, in UTF-8.</summary>
    public byte[] ToUtf8() => PlanWriter.Write(this);
}
