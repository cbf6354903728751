using ActorTrading.Domain.Folding.Parts;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;

namespace ActorTrading.Domain.Folding;

/// <summary>
/// Everything that one symbol has come to: one part per kind of record, and how far each source has been heard.
/// Changed only by <see cref="Fold"/>; parts that no record has touched do not exist. Not safe for two threads.
/// </summary>
public sealed class SymbolState
{
    private const byte Version = 1;
    private const int BytesBeforeWords = 352;

    /// <summary>A symbol that nothing is known of yet.</summary>
    public SymbolState(Symbol symbol, SymbolPlan plan)
    {
        Symbol = symbol;
        Plan = plan;

        // Made in the order in which a record touches them, so that they lie on one page of memory.
        Sources = new SourceTable();
        Ohlcv = new Ohlcv(this, plan);
    }

    /// <summary>The state of a symbol that was just deleted.</summary>
    /// <param name="sequenceNumber">The number of that event.</param>
    public static SymbolState After(SymbolDeleted deleted, long sequenceNumber, SymbolPlan plan)
    {
        var state = new SymbolState(deleted.Symbol, plan);
        foreach (var id in deleted.Newest) state.Sources.Keep(id);
        state.Ohlcv.BeginSignalsAfter(SymbolDeleted.LastSignalBefore(sequenceNumber));
        return state;
    }

    /// <summary>Whose state it is.</summary>
    public Symbol Symbol { get; }

    /// <summary>The plan that it is folded by.</summary>
    public SymbolPlan Plan { get; }

    /// <summary>The sources heard, and how many of their records were applied or late.</summary>
    public SourceTable Sources { get; private set; }

    /// <summary>Bars, indicators, rules.</summary>
    public Ohlcv Ohlcv { get; }

    /// <summary>The newest quote.</summary>
    public Level1? Level1 { get; private set; }

    /// <summary>The order book.</summary>
    public Level2? Level2 { get; private set; }

    /// <summary>The last prints.</summary>
    public TimeAndSales? TimeAndSales { get; private set; }

    /// <summary>The news.</summary>
    public News? News { get; private set; }

    /// <summary>Capitalisation and P/E.</summary>
    public Fundamentals? Fundamentals { get; private set; }

    /// <summary>The economy, for <see cref="Symbol.Economy"/>.</summary>
    public Economy? Economy { get; private set; }

    // The last price accepted: ahead of the one applied while records are on their way to the journal.
    internal long AcceptedPrice { get; set; }

    internal long AcceptedTime { get; set; } = long.MinValue;

    // The names of the figures accepted, likewise; made when it is first needed.
    private HashSet<string>? acceptedFigures;

    /// <summary>Whether a figure of that name is accepted; its name counts from then on.</summary>
    internal bool AcceptsFigure(string name)
    {
        acceptedFigures ??= new HashSet<string>(Economy?.Figures.Keys ?? [], StringComparer.Ordinal);
        return acceptedFigures.Contains(name) || (acceptedFigures.Count < EconomicIndicator.MaxNames && acceptedFigures.Add(name));
    }

    // How many records that is.
    internal long Ahead { get; set; }

    /// <summary>One accepted record has been applied. A replay applies what an earlier life accepted.</summary>
    internal void CatchUp()
    {
        if (Ahead > 0)
        {
            Ahead--;
            return;
        }

        AcceptedPrice = Ohlcv.LastPrice;
        AcceptedTime = Ohlcv.LastTime.Nanoseconds;
    }

    internal Level1 NeedLevel1() => Level1 ??= new Level1();

    internal Level2 NeedLevel2() => Level2 ??= new Level2();

    internal TimeAndSales NeedTimeAndSales() => TimeAndSales ??= new TimeAndSales();

    internal News NeedNews() => News ??= new News();

    internal Fundamentals NeedFundamentals() => Fundamentals ??= new Fundamentals();

    internal Economy NeedEconomy() => Economy ??= new Economy();

    /// <summary>Writes the state as canonical bytes: equal states, equal bytes.</summary>
    public void Write(StateWriter writer)
    {
        writer.Byte(Version);
        writer.Text(Symbol.Name);
        Sources.Write(writer);
        writer.Int64(Ohlcv.Words.Length);
        writer.Words(Ohlcv.Words);
        Part(Level1, static (part, to) => part.Write(to));
        Part(Level2, static (part, to) => part.Write(to));
        Part(TimeAndSales, static (part, to) => part.Write(to));
        Part(News, static (part, to) => part.Write(to));
        Part(Fundamentals, static (part, to) => part.Write(to));
        Part(Economy, static (part, to) => part.Write(to));

        void Part<T>(T? part, Action<T, StateWriter> write)
            where T : class
        {
            writer.Byte(part is null ? (byte)0 : (byte)1);
            if (part is not null) write(part, writer);
        }
    }

    /// <summary>Reads a state that was written under the same plan.</summary>
    /// <exception cref="StateFormatException">The bytes are damaged, of another version, or of another plan.</exception>
    public static SymbolState Read(ReadOnlySpan<byte> bytes, SymbolPlan plan)
    {
        var reader = new StateReader(bytes);
        var version = reader.Byte();
        if (version != Version) throw new StateFormatException($"state version {version}; this program reads {Version}");
        if (reader.Text() is not { } name) throw new StateFormatException("a state without a symbol");
        if (name != Symbol.Economy.Name && !Symbol.IsName(name)) throw new StateFormatException("a state whose symbol is none");

        var state = new SymbolState(Symbol.Restore(name), plan) { Sources = SourceTable.Read(ref reader) };
        var words = reader.Int64();
        if (words != plan.Words) throw new StateFormatException($"{words} words of state where the plan has {plan.Words}");
        reader.Words(state.Ohlcv.Memory);
        state.Level1 = Has(ref reader) ? Level1.Read(ref reader) : null;
        state.Level2 = Has(ref reader) ? Level2.Read(ref reader) : null;
        state.TimeAndSales = Has(ref reader) ? TimeAndSales.Read(ref reader) : null;
        state.News = Has(ref reader) ? News.Read(ref reader) : null;
        state.Fundamentals = Has(ref reader) ? Fundamentals.Read(ref reader) : null;
        state.Economy = Has(ref reader) ? Economy.Read(ref reader) : null;
        if (!reader.AtEnd) throw new StateFormatException("bytes are left over after the state");

        foreach (var exclusion in plan.Settings.Exclusions?.All ?? [])
        {
            foreach (var id in exclusion.Newest) state.Sources.PassOver(id);
        }

        state.CatchUp();
        return state;

        static bool Has(ref StateReader reader) => reader.Byte() switch
        {
            0 => false,
            1 => true,
            var other => throw new StateFormatException($"a part is there (1) or not (0), not {other}"),
        };
    }

    /// <summary>
    /// Asks the processor to fetch what the next record of each symbol will touch: of use to whoever folds many
    /// symbols in turn and knows the next few. Changes nothing.
    /// </summary>
    public static void Prefetch(ReadOnlySpan<SymbolState> next)
    {
        if (next.IsEmpty) return;

        // The objects of a state were made one after another, and lie so: no need to wait for one to find the next.
        // Most symbols share a plan, so neither is a look at each of them needed to know how much it is.
        var bytes = BytesBeforeWords + (next[0].Plan.WordsOfTick * sizeof(long));
        foreach (var state in next) CacheLines.Prefetch(state, bytes);

        // Where a window will be touched is told by cells that are on their way by now.
        foreach (var state in next) state.Ohlcv.PrefetchWindows();
    }

    /// <summary>A copy that goes its own way.</summary>
    public SymbolState Clone()
    {
        var writer = new StateWriter();
        Write(writer);
        return Read(writer.Written, Plan);
    }

    /// <summary>Throws where the state contradicts itself. For tests.</summary>
    /// <exception cref="InvalidOperationException">Something does not hold; the message says what.</exception>
    public void Validate() => Ohlcv.Validate();
}
