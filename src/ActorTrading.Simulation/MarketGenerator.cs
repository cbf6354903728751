using System.Globalization;
using ActorTrading.Domain.Admission;
using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;

namespace ActorTrading.Simulation;

/// <summary>
/// Generator of a simulated market. The stream of records depends only on its <see cref="MarketOptions"/> and is the same on every
/// machine and in every release. A shorter run is a prefix of a longer one. Without faults in the options, each record passes the
/// admission rules and time stamps never decrease (bars are stamped at their open). Not thread-safe. No allocation per record.
/// </summary>
public sealed class MarketGenerator
{
    private const double MeanBurst = (8 + 200) / 2.0;

    /// <summary>Silences occur only in the first fifty years after the start.</summary>
    private const long LastSilence = 50 * 365 * Timestamp.Day;

    private readonly MarketOptions options;
    private readonly Source source;
    private readonly Symbol[] symbols;
    private readonly SymbolWalk[] walks;
    private readonly RecordKind[] kinds;
    private readonly bool isOfBarsOnly;
    private readonly long stepBound;
    private readonly bool isTroubled;
    private readonly ulong gapOdds;
    private readonly ulong badOdds;
    private readonly ulong spikeOdds;
    private readonly ulong disorderOdds;
    private readonly ulong burstOdds;
    private readonly Resends? resends;
    private readonly long[] lastTicks;

    // Faults have their own random numbers, so the market behind them stays the same.
    private Xoshiro256 market;
    private Xoshiro256 trouble;
    private long now;
    private long seq;
    private int current;
    private int nextBar;
    private int burstLeft;
    private int burstSymbol;
    private long burstStep;

    /// <summary>Creates a market at its beginning.</summary>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    /// <exception cref="FormatException">A name is not a valid symbol or source.</exception>
    public MarketGenerator(MarketOptions options)
    {
        options.Validate();
        this.options = options;
        source = Source.Parse(options.Source);
        symbols = [.. Enumerable.Range(0, options.Symbols).Select(index => Symbol.Parse(Name(index)))];
        walks = [.. Enumerable.Range(0, options.Symbols).Select(index => new SymbolWalk(options, index))];
        kinds = options.Kinds.Draws();
        isOfBarsOnly = Array.TrueForAll(kinds, kind => kind == RecordKind.Bar);
        stepBound = (2 * options.Step) + 1;
        market = new Xoshiro256(options.Seed, 0);
        trouble = new Xoshiro256(options.Seed, 1);
        now = options.Start.Nanoseconds;

        gapOdds = Xoshiro256.Odds(options.Gaps);
        badOdds = Xoshiro256.Odds(options.Bad);
        spikeOdds = Xoshiro256.Odds(options.Spikes);
        disorderOdds = Xoshiro256.Odds(options.Disorder);
        burstOdds = Xoshiro256.Odds(options.Burst / (((1 - options.Burst) * MeanBurst) + options.Burst));
        resends = options.Duplicates > 0 ? new Resends(options.Duplicates) : null;
        isTroubled = (gapOdds | badOdds | spikeOdds | disorderOdds | burstOdds) != 0 || resends is not null;
        lastTicks = spikeOdds != 0 ? new long[options.Symbols] : [];
    }

    /// <summary>The symbols that trade. Every record refers to one of these objects (or <see cref="Symbol.Economy"/>).</summary>
    public IReadOnlyList<Symbol> Symbols => symbols;

    /// <summary>Sender of every record.</summary>
    public Source Source => source;

    /// <summary>Number of records delivered.</summary>
    public long Delivered { get; private set; }

    /// <summary>
    /// The rule that the last record breaks on purpose, or <see cref="RejectReason.None"/>. <see cref="RejectReason.PriceSpike"/> is
    /// a fault only if the plan has a spike band.
    /// </summary>
    public RejectReason LastFault { get; private set; }

    /// <summary>Whether the last record is an exact copy of an earlier one.</summary>
    public bool LastIsResent { get; private set; }

    /// <summary>Whether the last record is late on purpose: stamped earlier than it should be.</summary>
    public bool LastIsDelayed { get; private set; }

    /// <summary>Generates all records of a market.</summary>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public static IEnumerable<Record> Generate(MarketOptions options)
    {
        var generator = new MarketGenerator(options);
        while (generator.TryNext(out var record)) yield return record;
    }

    /// <summary>Generates the next record; false when all have been delivered.</summary>
    public bool TryNext(out Record record)
    {
        if (Delivered >= options.Ticks)
        {
            record = default;
            return false;
        }

        Delivered++;
        if (!isTroubled) record = NextOfMarket();
        else NextInTrouble(out record);
        return true;
    }

    private Record NextOfMarket()
    {
        if (isOfBarsOnly) return NextBar();
        now += market.Below(stepBound);
        var kind = kinds.Length == 1 ? kinds[0] : kinds[market.Below(kinds.Length)];
        return Make(kind, (int)market.Below(symbols.Length));
    }

    /// <summary>In a market of bars only, every symbol has one bar in each interval, in turn.</summary>
    private Record NextBar()
    {
        if (nextBar == 0) now += options.BarFrame.Length();
        var index = nextBar;
        nextBar = (nextBar + 1) % symbols.Length;
        return Make(RecordKind.Bar, index);
    }

    private void NextInTrouble(out Record record)
    {
        LastFault = RejectReason.None;
        LastIsDelayed = false;
        LastIsResent = true;
        if (resends is not null && resends.TryNext(out record)) return;

        LastIsResent = false;
        record = burstLeft > 0 || trouble.Happens(burstOdds) ? NextOfBurst() : NextAfterGap();
        if (trouble.Happens(badOdds)) Spoil(ref record);
        else if (spikeOdds != 0 && record.Kind == RecordKind.Tick && IsSpike()) Spike(ref record);
        else
        {
            if (trouble.Happens(disorderOdds)) Delay(ref record);
            resends?.Remember(record);
        }

        resends?.Decide(ref trouble);
    }

    private Record NextOfBurst()
    {
        if (burstLeft == 0)
        {
            burstLeft = 8 + (int)trouble.Below(193);
            burstSymbol = (int)trouble.Below(symbols.Length);
            burstStep = trouble.Below(2) == 0 ? 1 : 5_000; // 200 of these steps are a millisecond
        }

        burstLeft--;
        now += trouble.Below(burstStep);
        return Make(RecordKind.Tick, burstSymbol);
    }

    private Record NextAfterGap()
    {
        if (trouble.Happens(gapOdds))
        {
            if (trouble.Below(2) == 0) seq += 1 + trouble.Below(1_000);
            else if (now - options.Start.Nanoseconds < LastSilence) now += Timestamp.Minute * (1 + trouble.Below(180));
        }

        return NextOfMarket();
    }

    private void Spoil(ref Record record)
    {
        var faults = Faults.Of(record.Kind);
        LastFault = faults[(int)trouble.Below(faults.Length)];
        record = Faults.Spoil(record, LastFault, ref trouble);
    }

    /// <summary>Whether this tick becomes a spike. If not, it is the valid tick with which the next one is compared.</summary>
    private bool IsSpike()
    {
        var last = lastTicks[current];
        if (last != 0 && now - last < Timestamp.Minute && trouble.Happens(spikeOdds)) return true;
        lastTicks[current] = now;
        return false;
    }

    private void Spike(ref Record record)
    {
        LastFault = RejectReason.PriceSpike;
        record = Faults.Spike(record, ref trouble);
    }

    private void Delay(ref Record record)
    {
        LastIsDelayed = true;
        var delay = record.Kind == RecordKind.Bar
            ? options.BarFrame.Length() * (1 + trouble.Below(3)) : 1 + trouble.Below(options.Delay);
        record = record.At(new(record.Time.Nanoseconds - delay));
    }

    private Record Make(RecordKind kind, int index)
    {
        current = index;
        ref var walk = ref walks[index];
        walk.Step(ref market);
        var id = new Identity(source, options.Epoch, ++seq);
        return kind == RecordKind.Tick
            ? Record.OfTick(symbols[index], id, new(now), walk.Price, walk.Size(ref market))
            : SyntheticRecords.Of(kind, symbols[index], id, new(now), options.BarFrame, walk, ref market);
    }

    private string Name(int index) =>
        index < options.Names.Count ? options.Names[index] : "SYM" + index.ToString("D3", CultureInfo.InvariantCulture);
}
