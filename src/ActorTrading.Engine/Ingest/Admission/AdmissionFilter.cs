using ActorTrading.Domain.Admission;
using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;
using ActorTrading.Engine.Ingest.Access;

namespace ActorTrading.Engine.Ingest.Admission;

/// <summary>
/// Checks records before they reach the engine: the sender's rights to source and symbol, the distance of the timestamp from the clock, and
/// the limits for new names. Thread-safe.
/// </summary>
internal sealed class AdmissionFilter
{
    private readonly IEngine engine;
    private readonly IngestPipelineOptions options;
    private readonly NameRegistry<Source> sources = new();
    private readonly NameRegistry<Symbol> symbols = new();
    private readonly NameRegistry<string> figures = new();
    private readonly NameReading<Symbol> symbolReading;
    private readonly NameReading<string> figureReading;
    private readonly SymbolPace pace;
    private readonly Lock planGate = new();
    private (Plan? Plan, CompiledPlans? Compiled) plans; // guarded by planGate
    private volatile object mark = new(); // attached to known symbols; replaced when symbols are deleted

    public AdmissionFilter(IEngine engine, IngestPipelineOptions options)
    {
        (this.engine, this.options) = (engine, options);
        pace = new SymbolPace(options.NewSymbolsPerSecond, options.Time);
        symbolReading = new NameReading<Symbol>(symbols, SymbolsAsync, options.Time) { OnGone = () => mark = new object() };
        figureReading = new NameReading<string>(figures, FiguresAsync, options.Time);
    }

    /// <summary>Number of known symbols.</summary>
    public int KnownSymbols => symbols.Known;

    /// <summary>Whether a record of that source was accepted since the start.</summary>
    public bool Knows(Source source) => ReferenceEquals(source, Source.Anonymous) || sources.Knows(source);

    /// <summary>
    /// Returns the records to refuse and the new names; null if all records may pass and all names are known. Reads the clock once. Costs a
    /// few comparisons per record, and a look-up when the source changes.
    /// </summary>
    public FilteredBatch? Check(ReadOnlySpan<Record> records, in Sender sender)
    {
        var latest = ClockLimit.LatestAt(options.Time, options.MaxAhead);
        var symbolsMatter = sender.Grant is { MaySendEverySymbol: false };
        var known = mark;
        Source? source = null;
        Rejection? ofSource = null;
        var isSourceKnown = false;
        FilteredBatch? batch = null;
        for (var i = 0; i < records.Length; i++)
        {
            ref readonly var record = ref records[i];
            if (!ReferenceEquals(record.Id.Source, source))
            {
                source = record.Id.Source;
                ofSource = sender.Grant is { } grant && !grant.MaySend(source)
                    ? new Rejection(RejectReason.BadSource, "source", source.Name)
                    : null;
                isSourceKnown = Knows(source);
            }

            var rejection = ofSource;
            if (rejection is null && symbolsMatter && !sender.Grant!.MaySend(record.Symbol))
                rejection = NameRejections.OfSymbolWithoutRight(record.Symbol);
            if (rejection is null && record.Time > latest) rejection = TickRules.Explain(record, RejectReason.TimeAhead);
            if (rejection is null && !(isSourceKnown && (ReferenceEquals(record.Symbol.Mark, known) || KnowsName(record, known))))
                rejection = Hold(batch ??= new FilteredBatch(this), record, sender);
            if (rejection is not null) (batch ??= new FilteredBatch(this)).Refuse(new RejectedRecord(i, rejection));
        }

        return batch;
    }

    /// <summary>
    /// Reads the names that the engine knows, if that can change the result of the check: before the first new name, and when there seem to
    /// be too many names. After that the batch must be checked again.
    /// </summary>
    /// <returns>Whether the names were read.</returns>
    public async ValueTask<bool> ReadNamesAsync(FilteredBatch batch, CancellationToken cancellation)
    {
        var (areSymbols, areFigures) = (batch.SymbolsBeyond.Count > 0, batch.HasFiguresBeyond);
        var isFirst = batch.Symbols.Count > 0 && !symbolReading.HasRead;
        var isFirstFigure = batch.Figures.Count > 0 && !figureReading.HasRead;
        if (!areSymbols && !areFigures && !isFirst && !isFirstFigure) return false;
        try
        {
            if (areSymbols || isFirst) await symbolReading.ReadAsync(cancellation).ConfigureAwait(false);
            if (areFigures || isFirstFigure) await figureReading.ReadAsync(cancellation).ConfigureAwait(false);
        }
        catch (Exception e) when (!areSymbols && !areFigures && e is not (OperationCanceledException or EngineStoppedException))
        {
            return false; // there is room for the names, even if the engine does not know them
        }

        if (areSymbols) symbols.Learn(await engine.SymbolNamesAmongAsync(batch.SymbolsBeyond, cancellation).ConfigureAwait(false));
        return true;
    }

    /// <summary>Waits if the sender adds new symbols faster than its limit.</summary>
    public Task PaceAsync(FilteredBatch batch, in Sender sender, CancellationToken cancellation)
    {
        if (batch.NewSymbols == 0) return Task.CompletedTask;
        var wait = pace.Take(sender.Grant?.Key ?? sender.Source.Name, batch.NewSymbols);
        return wait > TimeSpan.Zero ? Task.Delay(wait, options.Time, cancellation) : Task.CompletedTask;
    }

    /// <summary>Called when the record was accepted: marks its names as known.</summary>
    public void Confirm(in Record record)
    {
        if (!ReferenceEquals(record.Id.Source, Source.Anonymous)) sources.Confirm(record.Id.Source);
        if (record.Kind != RecordKind.EconomicIndicator) symbols.Confirm(record.Symbol);
        else if (record.Text is { } figure) figures.Confirm(figure);
    }

    /// <summary>Releases the name places that the batch holds.</summary>
    public void Release(FilteredBatch batch)
    {
        symbols.Release(batch.Symbols);
        sources.Release(batch.Sources);
        figures.Release(batch.Figures);
    }

    /// <summary>
    /// Whether the symbol, or the economic indicator, of a record is known. A known symbol is marked, so that the next check is fast.
    /// </summary>
    private bool KnowsName(in Record record, object known)
    {
        if (record.Kind == RecordKind.EconomicIndicator) return record.Text is null || figures.Knows(record.Text);
        if (!symbols.Knows(record.Symbol)) return false;
        record.Symbol.Mark = known;
        return true;
    }

    /// <summary>
    /// Reserves places for the new names of a record, or returns the rejection if a limit is reached. Records that the engine refuses in
    /// any case are left to the engine: they need no place.
    /// </summary>
    private Rejection? Hold(FilteredBatch batch, in Record record, in Sender sender)
    {
        if (IsRefusedAnyway(record)) return null;
        var source = record.Id.Source;
        var opener = new NameOpener(source, sender.Grant?.Key);
        if (!Knows(source))
        {
            var most = new NameLimits(options.MaxSources, long.MaxValue, options.MaxSourcesPerCaller);
            var verdict = sources.Hold(source, opener with { Source = Source.Anonymous }, most, batch.Sources);
            if (IsTooMany(verdict)) return NameRejections.OfSource(source, verdict, sender.Grant);
        }

        if (record.Kind != RecordKind.EconomicIndicator) return HoldSymbol(batch, record.Symbol, opener, sender.Grant);
        return record.Text is { } figure ? HoldFigure(batch, figure, opener, sender.Grant) : null;
    }

    private Rejection? HoldSymbol(FilteredBatch batch, Symbol symbol, NameOpener opener, Grant? grant)
    {
        if (symbols.Knows(symbol)) return null;
        var most = new NameLimits(options.MaxSymbols, options.MaxSymbolsPerSource, grant?.Limits.Symbols ?? options.MaxSymbolsPerSource);
        var verdict = symbols.Hold(symbol, opener, most, batch.Symbols);
        if (verdict == NameVerdict.Held && batch.Symbols[^1].Holders == 1) batch.NewSymbols++;
        if (!IsTooMany(verdict)) return null;
        batch.NoteBeyond(symbol);
        return NameRejections.OfSymbol(symbol, verdict, grant);
    }

    private Rejection? HoldFigure(FilteredBatch batch, string figure, NameOpener opener, Grant? grant)
    {
        if (figures.Knows(figure)) return null;
        var ofSource = options.MaxFiguresPerSource;
        var most = new NameLimits(long.MaxValue, ofSource, Math.Min(ofSource, grant?.Limits.Symbols ?? ofSource));
        var verdict = figures.Hold(figure, opener, most, batch.Figures);
        if (!IsTooMany(verdict)) return null;
        batch.HasFiguresBeyond = true;
        return NameRejections.OfFigure(figure, verdict, grant);
    }

    private bool IsRefusedAnyway(in Record record)
    {
        if (engine.SubscriptionsAsync() is { IsCompletedSuccessfully: true } taken && !taken.Result.Take(record.Symbol)) return true;
        var present = engine.Plan;
        SymbolPlan plan;
        lock (planGate)
        {
            if (plans.Plan != present) plans = (present, new CompiledPlans(present));
            plan = plans.Compiled!.Of(record.Symbol);
        }

        return Fold.Check(plan, record) != RejectReason.None;
    }

    private async Task<IReadOnlyCollection<Symbol>> SymbolsAsync(CancellationToken cancellation) =>
        [.. (await engine.SymbolNamesAsync(cancellation).ConfigureAwait(false)).Where(static symbol => !symbol.Equals(Symbol.Economy))];

    private async Task<IReadOnlyCollection<string>> FiguresAsync(CancellationToken cancellation)
    {
        var economy = await engine.StateAsync(Symbol.Economy, cancellation: cancellation).ConfigureAwait(false);
        return [.. economy?.Economy?.Figures.Keys ?? []];
    }

    private static bool IsTooMany(NameVerdict verdict) => verdict > NameVerdict.Held;
}
