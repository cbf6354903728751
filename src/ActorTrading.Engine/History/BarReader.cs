using System.Buffers;
using System.Runtime.CompilerServices;
using ActorTrading.Domain.Bars;
using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Signals;
using ActorTrading.Domain.Values;
using ActorTrading.Engine.Journal;
using ActorTrading.Engine.Recovering;
using ActorTrading.Engine.Symbols;
using ActorTrading.Wire.Events;

namespace ActorTrading.Engine.History;

/// <summary>
/// Folds the journal a second time, beside the engine, from a position on, and yields the bars that its events close. The state of a symbol
/// before its first event is restored from its newest earlier snapshot. The state is kept while events of the symbol arrive, as in the
/// engine. For one reader.
/// </summary>
/// <param name="plan">The plan in force; read before each page.</param>
/// <param name="settling">See <see cref="SettledPosition"/>.</param>
internal sealed class BarReader(IJournalStore store, Func<Plan> plan, BarFilter filter, long afterPosition, TimeSpan settling = default)
    : IFoldOutput, IDisposable
{
    private const int PageEvents = 1_024;
    private const int PageBytes = 1 << 20;

    private static readonly TimeSpan IdleAfter = TimeSpan.FromMinutes(10);

    private readonly SettledPosition place = new(afterPosition, settling);
    private readonly Dictionary<Symbol, Followed> followed = [];
    private readonly List<Row> rows = [];
    private readonly ArrayBufferWriter<byte> payloads = new();
    private readonly BarValues values = new();
    private readonly Waypoints waypoints = new();
    private Plan? present;
    private CompiledPlans plans = null!;
    private long swept = Environment.TickCount64;
    private EventReplay? replay;
    private Row current;
    private int closed; // number of bars closed by the current event

    /// <summary>The bars of the last page, followed by the position up to which the journal was read.</summary>
    public List<JournaledBar> Page { get; } = [];

    /// <summary>Like <see cref="RecordReader.FollowAsync"/>. Disposes the reader at the end.</summary>
    /// <exception cref="RecoveryException">An event is missing or damaged.</exception>
    public async IAsyncEnumerable<JournaledBar> FollowAsync(
        CommitPulse committed, TimeSpan look, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var end = this;
        var bars = committed.FollowAsync(ReadPageAsync, Page, look, cancellation);
        await foreach (var bar in bars.ConfigureAwait(false)) yield return bar;
    }

    private Task<bool> ReadPageAsync(CancellationToken cancellation) =>
        ReadingThreads.OfQueries.RunAsync(() => ReadPage(cancellation), cancellation);

    /// <summary>Reads and folds the next page; false at the end of the journal.</summary>
    /// <exception cref="RecoveryException">An event is missing or damaged.</exception>
    public bool ReadPage(CancellationToken cancellation)
    {
        Page.Clear();
        var before = place.Last;
        TakePlan();
        ReadRows(cancellation);
        foreach (var row in rows)
        {
            cancellation.ThrowIfCancellationRequested();
            Fold(row);
        }

        PutIdleAway();
        if (place.Last == before) return false;
        Page.Add(new JournaledBar(place.Last, 0, 0, null));
        return true;
    }

    /// <inheritdoc/>
    public void Dispose() => replay?.Dispose();

    /// <inheritdoc/>
    public void OnBar(SymbolState symbol, Series series, in Bar bar)
    {
        closed++;
        if (!filter.Wants(series.Frame)) return;
        Page.Add(new JournaledBar(current.Position, current.Event, closed, values.Take(symbol, series, bar)));
    }

    /// <inheritdoc/>
    public void OnSignal(Signal signal)
    {
    }

    /// <inheritdoc/>
    public void OnLate(in Record record)
    {
    }

    /// <inheritdoc/>
    public void OnFault(IndicatorFault fault)
    {
    }

    /// <summary>Applies a change of the plan: only symbols with unchanged settings keep their states.</summary>
    private void TakePlan()
    {
        var now = plan();
        if (now == present) return;
        (present, plans) = (now, new CompiledPlans(now));
        foreach (var symbol in followed.Keys.ToList())
        {
            if (followed[symbol].Hosted.State.Plan.Settings.Hash != now.For(symbol).Hash) followed.Remove(symbol);
        }
    }

    /// <summary>Reads a page of events and copies their payloads: during the read, the store cannot be used for other reads.</summary>
    private void ReadRows(CancellationToken cancellation)
    {
        rows.Clear();
        payloads.ResetWrittenCount();
        place.Begin();
        store.ReadAll(place.Last, (in JournalRow row) =>
        {
            if (!place.TryMoveTo(row)) return false;
            if (row.SerializerId == EventManifests.SerializerId && PersistenceIds.SymbolOf(row.PersistenceId) is { } symbol
                && filter.Symbols?.Contains(symbol) != false)
            {
                rows.Add(new Row(row.Ordering, symbol, row.SequenceNumber, row.Manifest, payloads.WrittenCount, row.Payload.Length));
                payloads.Write(row.Payload);
            }

            return rows.Count < PageEvents && payloads.WrittenCount < PageBytes && !cancellation.IsCancellationRequested;
        });
        cancellation.ThrowIfCancellationRequested();
    }

    private void Fold(in Row row)
    {
        replay ??= new EventReplay(this);
        if (!followed.TryGetValue(row.Symbol, out var symbol) || IsBehind(symbol.Hosted, row))
        {
            if (Before(row) is not { } hosted) return;
            followed[row.Symbol] = symbol = new Followed(hosted);
        }

        symbol.LastUsed = Environment.TickCount64;
        (current, closed) = (row, 0);
        replay.Fold(symbol.Hosted, new JournalRow
        {
            SequenceNumber = row.Event, Manifest = row.Manifest, SerializerId = EventManifests.SerializerId,
            Payload = payloads.WrittenSpan.Slice(row.Start, row.Length),
        });
    }

    /// <summary>Whether events before this one were deleted before they could be read.</summary>
    private static bool IsBehind(HostedSymbol hosted, in Row row) =>
        hosted.LastEvent < row.Event - 1 && row.Manifest != EventManifests.SymbolDeleted;

    /// <summary>The symbol as it was before the event; null if the required events were deleted: then its bars are lost.</summary>
    private HostedSymbol? Before(in Row row)
    {
        for (var isAgain = false; ; isAgain = true)
        {
            var hosted = new HostedSymbol(new SymbolState(row.Symbol, plans.Of(row.Symbol)));
            if (row.Event == 1 || row.Manifest == EventManifests.SymbolDeleted) return hosted;
            RecoveryException? failure = null;
            try
            {
                using var fold = new HistoryFold(store, hosted, waypoints, NoOutput.Instance);
                if (!fold.TryBeginAtMost(row.Event - 1)) fold.Begin();
                fold.Run(row.Event - 1, static () => true);
                if (hosted.LastEvent == row.Event - 1) return hosted;
            }
            catch (RecoveryException e)
            {
                failure = e;
            }

            // Events and snapshots may be deleted meanwhile. Earlier events may be gone without a snapshot that covers only them.
            var first = EventPlaces.First(store, hosted.Id);
            if (first > row.Event || (first > 1 && hosted.LastEvent == 0)) return null;
            if (isAgain) throw failure ?? new RecoveryException(hosted.Id, hosted.LastEvent + 1, "it is missing");
        }
    }

    private void PutIdleAway()
    {
        var now = Environment.TickCount64;
        if (now - swept < IdleAfter.TotalMilliseconds / 4) return;
        swept = now;
        foreach (var (symbol, state) in followed)
        {
            if (now - state.LastUsed > IdleAfter.TotalMilliseconds) followed.Remove(symbol);
        }
    }

    private sealed class Followed(HostedSymbol hosted)
    {
        public HostedSymbol Hosted { get; } = hosted;

        public long LastUsed { get; set; }
    }

    private readonly record struct Row(long Position, Symbol Symbol, long Event, string Manifest, int Start, int Length);
}
