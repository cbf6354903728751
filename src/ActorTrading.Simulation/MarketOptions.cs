using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Values;

namespace ActorTrading.Simulation;

/// <summary>
/// What market to make up. The same options give the same records on every machine and in every release.
/// What is in the second half makes the market hostile; all of it is off by default. Fractions run from 0 to 1.
/// </summary>
public sealed record MarketOptions
{
    /// <summary>A market in which everything goes wrong now and then.</summary>
    public static readonly MarketOptions Hostile = new()
    {
        Kinds = KindMix.Everything, Disorder = 0.02, Duplicates = 0.02, Gaps = 0.0005, Bad = 0.01, Burst = 0.05,
    };

    /// <summary>Names for <see cref="Names"/> that people know.</summary>
    public static readonly IReadOnlyList<string> KnownTickers =
    [
        "AAPL", "MSFT", "NVDA", "AMZN", "GOOG", "META", "TSLA", "BRK.B", "JPM", "V", "JNJ", "XOM", "WMT", "PG", "KO", "MCD",
    ];

    /// <summary>How many symbols trade, 1 to 10,000,000. Ticks are spread evenly over them.</summary>
    public int Symbols { get; init; } = 10;

    /// <summary>What the first symbols are called; the others, by their number, SYM000, SYM001, ...</summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    /// <summary>How many records are delivered in all, whatever their kind, resent ones included.</summary>
    public long Ticks { get; init; } = 1_000_000;

    /// <summary>Another seed, another market.</summary>
    public ulong Seed { get; init; } = 7;

    /// <summary>The moment of the first record.</summary>
    public Timestamp Start { get; init; } = new(Timestamp.OfDate(2024, 7, 9).Nanoseconds + (13 * Timestamp.Hour));

    /// <summary>
    /// Mean time between records in nanoseconds, from 0 up; each step is evenly between 0 and twice that. Where nothing but bars
    /// comes, they go from bar to bar instead.
    /// </summary>
    public long Step { get; init; } = 1_000_000;

    /// <summary>The name of the sender.</summary>
    public string Source { get; init; } = "generated";

    /// <summary>The sender's epoch. Its seq begins at 1 and grows by one with each new record, whatever its symbol.</summary>
    public long Epoch { get; init; }

    /// <summary>Mean relative change of a price from one record of its symbol to the next, -0.01 to 0.01.</summary>
    public double Drift { get; init; }

    /// <summary>
    /// Relative standard deviation of such a change, 0 to 0.05. Each symbol has its own, from half of this to
    /// one and a half times this.
    /// </summary>
    public double Volatility { get; init; } = 0.0004;

    /// <summary>Which kinds of records come.</summary>
    public KindMix Kinds { get; init; } = KindMix.OnlyTicks;

    /// <summary>The frame of bars: one second to one hour.</summary>
    public Frame BarFrame { get; init; } = Frame.OneMinute;

    /// <summary>
    /// The fraction of records stamped earlier than what came before, by up to <see cref="Delay"/>: trades that were
    /// reported late. Their seq is that of their delivery, as with a real feed; one with an old seq would be a duplicate.
    /// </summary>
    public double Disorder { get; init; }

    /// <summary>The longest delay of a late report, in nanoseconds, above 0. Bars are late by one to three whole bars.</summary>
    public long Delay { get; init; } = 5 * Timestamp.Second;

    /// <summary>
    /// The fraction of records that are exact copies of earlier ones, at most 0.9: half of the resends are single
    /// records, half are stretches of 2 to 64 in their old order. Only records without fault are resent.
    /// </summary>
    public double Duplicates { get; init; }

    /// <summary>
    /// The fraction of new records that come after a gap: half of them after a silence of one minute to three hours, half
    /// after one to a thousand lost seqs. Silences end once the market is fifty years from its start.
    /// </summary>
    public double Gaps { get; init; }

    /// <summary>
    /// The fraction of new records that break a rule of <see cref="Domain.Admission.TickRules"/>: every rule that their
    /// kinds can break. <see cref="MarketGenerator.LastFault"/> tells which.
    /// </summary>
    public double Bad { get; init; }

    /// <summary>
    /// The fraction of new records that are ticks ten times too dear or too cheap. A plan with a spike band (below
    /// 0.9) refuses them; any other takes them. They come only within a minute of a good tick of their symbol.
    /// </summary>
    public double Spikes { get; init; }

    /// <summary>
    /// The fraction of new records that are part of a burst, at most 0.99: 8 to 200 ticks of one symbol, half of the bursts
    /// in one and the same nanosecond, half within a millisecond.
    /// </summary>
    public double Burst { get; init; }

    /// <summary>Refuses options out of range, by name.</summary>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
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

        // What is generated as good must stay within the default limits on time.
        Require(Start >= Timestamp.OfDate(1971, 1, 1) && Start < Timestamp.OfDate(2100, 1, 1), nameof(Start));
        Require(Step >= 0 && (Int128)Step * 2 * Ticks <= (Int128)Timestamp.Day * 365 * 45, nameof(Step));
        if (Kinds is { Bar: > 0 } && Kinds == new KindMix { Bar = Kinds.Bar })
            Require((Int128)BarFrame.Length() * (Ticks / Symbols) <= (Int128)Timestamp.Day * 365 * 45, nameof(Ticks));
    }

    private static void Require(bool holds, string option)
    {
        if (!holds) throw new ArgumentException($"The option {option} is out of its range.", option);
    }
}
