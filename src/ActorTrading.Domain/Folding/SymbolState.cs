using ActorTrading.Domain.Folding.Parts;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;

namespace ActorTrading.Domain.Folding;

/// <summary>
/// State of one symbol: one part per kind of record, and the position reached in each source. Only <see cref="Fold"/> changes it. Parts
/// without any record are null. Not thread-safe.
/// </summary>
public sealed class SymbolState
{
    private const byte Version = 1;
    private const int BytesBeforeWords = 352;

    /// <summary>The state of a symbol without records.</summary>
    public SymbolState(Symbol symbol, SymbolPlan plan)
    {
        Symbol = symbol;
        Plan = plan;

        // Created in the order in which a record touches them, so that they lie on one page of memory.
        Sources = new SourceTable();
        Ohlcv = new Ohlcv(this, plan);
    }

    /// <summary>The state of a symbol directly after its deletion.</summary>
    /// <param name="sequenceNumber">Sequence number of the deletion event.</param>
    public static SymbolState After(SymbolDeleted deleted, long sequenceNumber, SymbolPlan plan)
    {
        var state = new SymbolState(deleted.Symbol, plan);
        foreach (var id in deleted.Newest) state.Sources.Keep(id);
        state.Ohlcv.BeginSignalsAfter(SymbolDeleted.LastSignalBefore(sequenceNumber));
        return state;
    }

    /// <summary>The symbol.</summary>
    public Symbol Symbol { get; }

    /// <summary>The compiled plan that folds the symbol.</summary>
    public SymbolPlan Plan { get; }

    /// <summary>The sources seen, with the number of their applied and late records.</summary>
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

    /// <summary>Economic figures; only for <see cref="Symbol.Economy"/>.</summary>
    public Economy? Economy { get; private set; }

    // The last accepted price. It is ahead of the applied price while records are being journaled.
    internal long AcceptedPrice { get; set; }

    internal long AcceptedTime { get; set; } = long.MinValue;

    // The names of the accepted figures, likewise ahead of the applied ones; created at first use.
    private HashSet<string>? acceptedFigures;

    /// <summary>Whether a figure of that name is accepted. An accepted name counts towards the limit from then on.</summary>
    internal bool AcceptsFigure(string name)
    {
        acceptedFigures ??= new HashSet<string>(Economy?.Figures.Keys ?? [], StringComparer.Ordinal);
        return acceptedFigures.Contains(name) || (acceptedFigures.Count < EconomicIndicator.MaxNames && acceptedFigures.Add(name));
    }

    // Number of records accepted but not yet applied.
    internal long Ahead { get; set; }

    /// <summary>Whether accepted records are not yet applied.</summary>
    public bool HasUnapplied => Ahead > 0;

    /// <summary>Notes that one accepted record was applied. A replay applies records that an earlier process accepted.</summary>
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

    /// <summary>Writes the state as canonical bytes. Equal states give equal bytes.</summary>
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
        if (name != Symbol.Economy.Name && !Symbol.IsName(name)) throw new StateFormatException("a state with an invalid symbol");

        var state = new SymbolState(Symbol.Restore(name), plan) { Sources = SourceTable.Read(ref reader) };
        var words = reader.Int64();
        if (words != plan.Words) throw new StateFormatException($"the state has {words} words, the plan has {plan.Words}");
        reader.Words(state.Ohlcv.Memory);
        state.Level1 = Has(ref reader) ? Level1.Read(ref reader) : null;
        state.Level2 = Has(ref reader) ? Level2.Read(ref reader) : null;
        state.TimeAndSales = Has(ref reader) ? TimeAndSales.Read(ref reader) : null;
        state.News = Has(ref reader) ? News.Read(ref reader) : null;
        state.Fundamentals = Has(ref reader) ? Fundamentals.Read(ref reader) : null;
        state.Economy = Has(ref reader) ? Economy.Read(ref reader) : null;
        if (!reader.AtEnd) throw new StateFormatException("extra bytes after the state");

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
            var other => throw new StateFormatException($"the flag of a part is 1 (present) or 0 (absent), not {other}"),
        };
    }

    /// <summary>
    /// Prefetches into the processor's cache the memory that the next record of each symbol will touch. For callers that fold many symbols
    /// in turn and know the next few. Changes nothing.
    /// </summary>
    public static void Prefetch(ReadOnlySpan<SymbolState> next)
    {
        if (next.IsEmpty) return;

        // The objects of a state were allocated one after another and are adjacent in memory: no need to wait for one to find the next.
        // Most symbols share a plan, so the size is read from the first symbol only.
        var bytes = BytesBeforeWords + (next[0].Plan.WordsOfTick * sizeof(long));
        foreach (var state in next) CacheLines.Prefetch(state, bytes);

        // The window positions are read from cells that are already being fetched.
        foreach (var state in next) state.Ohlcv.PrefetchWindows();
    }

    /// <summary>An independent copy.</summary>
    public SymbolState Clone()
    {
        var writer = new StateWriter();
        Write(writer);
        return Read(writer.Written, Plan);
    }

    /// <summary>Throws if the state is inconsistent. For tests.</summary>
    /// <exception cref="InvalidOperationException">The state is inconsistent; the message names the violation.</exception>
    public void Validate() => Ohlcv.Validate();
}
