using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Values;

namespace ActorTrading.Simulation;

/// <summary>
/// Options of a simulated market. The same options give the same records on every machine and in every release. The options from
/// <see cref="Disorder"/> on add faults; all of them are off by default. Fractions are 0 to 1.
/// </summary>
public sealed record MarketOptions
{
    /// <summary>A market with all kinds of faults from time to time.</summary>
    public static readonly MarketOptions Hostile = new()
    {
        Kinds = KindMix.Everything, Disorder = 0.02, Duplicates = 0.02, Gaps = 0.0005, Bad = 0.01, Burst = 0.05,
    };

    /// <summary>Well-known tickers, for <see cref="Names"/>.</summary>
    public static readonly IReadOnlyList<string> KnownTickers =
    [
        "AAPL", "MSFT", "NVDA", "AMZN", "GOOG", "META", "TSLA", "BRK.B", "JPM", "V", "JNJ", "XOM", "WMT", "PG", "KO", "MCD",
    ];

    /// <summary>Number of symbols, 1 to 10,000,000. Ticks are spread evenly over them.</summary>
    public int Symbols { get; init; } = 10;

    /// <summary>Names of the first symbols. The others are named by number: SYM000, SYM001, ...</summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    /// <summary>Total number of records, of any kind, including resent ones.</summary>
    public long Ticks { get; init; } = 1_000_000;

    /// <summary>Seed of the random numbers. Another seed gives another market.</summary>
    public ulong Seed { get; init; } = 7;

    /// <summary>Time of the first record.</summary>
    public Timestamp Start { get; init; } = new(Timestamp.OfDate(2024, 7, 9).Nanoseconds + (13 * Timestamp.Hour));

    /// <summary>
    /// Mean time between records in nanoseconds, from 0 up. Each step is uniform between 0 and twice that. In a market of bars only,
    /// a step is the length of a bar instead.
    /// </summary>
    public long Step { get; init; } = 1_000_000;

    /// <summary>Name of the sender.</summary>
    public string Source { get; init; } = "generated";

    /// <summary>Epoch of the sender. Its seq begins at 1 and grows by one with each new record, whatever its symbol.</summary>
    public long Epoch { get; init; }

    /// <summary>Mean relative change of a price from one record of its symbol to the next, -0.01 to 0.01.</summary>
    public double Drift { get; init; }

    /// <summary>Relative standard deviation of such a change, 0 to 0.05. Each symbol has its own: 0.5 to 1.5 times this value.</summary>
    public double Volatility { get; init; } = 0.0004;

    /// <summary>Kinds of records.</summary>
    public KindMix Kinds { get; init; } = KindMix.OnlyTicks;

    /// <summary>The frame of bars: one second to one hour.</summary>
    public Frame BarFrame { get; init; } = Frame.OneMinute;

    /// <summary>
    /// Fraction of records that are stamped earlier than preceding ones, by up to <see cref="Delay"/>: trades that were reported
    /// late. Their seq is that of their delivery, as in a real feed; a record with an old seq would be a duplicate.
    /// </summary>
    public double Disorder { get; init; }

    /// <summary>Longest delay of a late report, in nanoseconds, above 0. Bars are late by one to three whole bars.</summary>
    public long Delay { get; init; } = 5 * Timestamp.Second;

    /// <summary>
    /// Fraction of records that are exact copies of earlier ones, at most 0.9. Half of the resends are single records, half are
    /// sequences of 2 to 64 records in their original order. Only records without faults are resent.
    /// </summary>
    public double Duplicates { get; init; }

    /// <summary>
    /// Fraction of new records that come after a gap. Half of the gaps are silences of one minute to three hours, half are 1 to 1,000
    /// lost seqs. Silences end when the market is fifty years from its start.
    /// </summary>
    public double Gaps { get; init; }

    /// <summary>
    /// Fraction of new records that break a rule of <see cref="Domain.Admission.TickRules"/>: every rule that their kinds can break.
    /// The rule is in <see cref="MarketGenerator.LastFault"/>.
    /// </summary>
    public double Bad { get; init; }

    /// <summary>
    /// Fraction of new records that are ticks at ten times or a tenth of their price. A plan with a spike band (below 0.9) rejects
    /// them; others accept them. They occur only within a minute after a valid tick of their symbol.
    /// </summary>
    public double Spikes { get; init; }

    /// <summary>
    /// Fraction of new records that are part of a burst, at most 0.99. A burst is 8 to 200 ticks of one symbol: half of the bursts
    /// within one nanosecond, half within a millisecond.
    /// </summary>
    public double Burst { get; init; }

    /// <summary>Validates the options.</summary>
    /// <exception cref="ArgumentException">An option is out of range; the message names it.</exception>
    internal void Validate()
    {
        Require(Symbols is >= 1 and <= 10_000_000, nameof(Symbols));
        Require(Ticks >= 0, nameof(Ticks));
        Require(Epoch >= 0, nameof(Epoch));
        Require(Drift is >= -0.01 and <= 0.01, nameof(Drift));
        Require(Volatility is >= 0 and <= 0.05, nameof(Volatility));
        Require(BarFrame is >= Frame.OneSecond and <= Frame.OneHour, nameof(BarFrame));
        Require(Disorder is >= 0 and <= 1, nameof(Disorder));
        Require(Delay is > 0 and <= Timestamp.Day, nameof(Delay));
        Require(Duplicates is >= 0 and <= 0.9, nameof(Duplicates));
        Require(Gaps is >= 0 and <= 1, nameof(Gaps));
        Require(Bad is >= 0 and <= 1, nameof(Bad));
        Require(Spikes is >= 0 and <= 1, nameof(Spikes));
        Require(Burst is >= 0 and <= 0.99, nameof(Burst));

        // Valid records must stay within the default time limits.
        Require(Start >= Timestamp.OfDate(1971, 1, 1) && Start < Timestamp.OfDate(2100, 1, 1), nameof(Start));
        Require(Step >= 0 && (Int128)Step * 2 * Ticks <= (Int128)Timestamp.Day * 365 * 45, nameof(Step));
        if (Kinds is { Bar: > 0 } && Kinds == new KindMix { Bar = Kinds.Bar })
            Require((Int128)BarFrame.Length() * (Ticks / Symbols) <= (Int128)Timestamp.Day * 365 * 45, nameof(Ticks));
    }

    private static void Require(bool holds, string option)
    {
        if (!holds) throw new ArgumentException($"The option {option} is out of range.", option);
    }
}
