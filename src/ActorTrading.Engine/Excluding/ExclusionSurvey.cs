using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;
using ActorTrading.Engine.History;
using ActorTrading.Engine.Journal;
using ActorTrading.Engine.Recovering;
using ActorTrading.Wire.Events;

namespace ActorTrading.Engine.Excluding;

/// <summary>Finds the accepted records in a symbol's journal that an exclusion would cover. Single use.</summary>
internal sealed class ExclusionSurvey
{
    private const int MaxSources = 1_000;

    private readonly Symbol symbol;
    private readonly string id;
    private readonly ExclusionRequest request;
    private readonly Exclusions? present;
    private readonly Dictionary<RecordFilter, long> fitting = []; // with the matching epoch
    private readonly Dictionary<Source, Identity> newest = [];
    private Exclusion? before;

    private ExclusionSurvey(Symbol symbol, ExclusionRequest request, Exclusions? present)
    {
        this.symbol = symbol;
        this.request = request;
        this.present = present;
        id = PersistenceIds.Of(symbol);
    }

    /// <summary>The requested exclusion, or an exclusion in force if it already covers all of these records.</summary>
    /// <exception cref="ExclusionException">The exclusion is refused.</exception>
    /// <exception cref="EventsDeletedException">The first events of the symbol were deleted.</exception>
    /// <exception cref="RecoveryException">An event is missing or damaged.</exception>
    public static Exclusion Find(
        IJournalStore store, Plan plan, Symbol symbol, ExclusionRequest request, TimeProvider time) =>
        new ExclusionSurvey(symbol, request, plan.For(symbol).Exclusions).Run(store, time);

    /// <summary>The exclusion with that number.</summary>
    /// <exception cref="ExclusionException">No exclusion with that number is in force.</exception>
    public static Exclusion Required(Plan plan, Symbol symbol, long number) => plan.For(symbol).Exclusions?.Find(number)
        ?? throw new ExclusionException(ExclusionError.UnknownExclusion, $"{symbol} has no exclusion {number} in force.");

    /// <summary>Throws if the fold cannot start from the first event.</summary>
    /// <exception cref="EventsDeletedException">The first event was deleted.</exception>
    public static void RequireFirstEvent(IJournalStore store, Symbol symbol)
    {
        var first = EventPlaces.First(store, PersistenceIds.Of(symbol));
        if (first > 1 && !EventPlaces.IsFirstThere(store, PersistenceIds.Of(symbol))) throw new EventsDeletedException(symbol, first);
    }

    private Exclusion Run(IJournalStore store, TimeProvider time)
    {
        var head = store.HighestSequenceNumber(id);
        if (head == 0) throw new ExclusionException(ExclusionError.UnknownSymbol, $"No record of {symbol} was ever accepted.");
        RequireFirstEvent(store, symbol);
        Read(store, head);
        if (fitting.Count == 0)
            return before
                ?? throw new ExclusionException(
                    ExclusionError.NoSuchRecord, $"No accepted record of {symbol} matches {string.Join(", or ", request.Readings)}.");
        if (fitting.Count > 1)
            throw new ExclusionException(
                ExclusionError.AmbiguousId,
                $"The id matches several records of {symbol}: {string.Join(", and ", fitting.Keys)}. Give source, epoch and seq.");
        if (present?.All.Count >= Exclusions.MaxOfSymbol)
            throw new ExclusionException(ExclusionError.TooMany, $"{symbol} has {Exclusions.MaxOfSymbol} exclusions, "
                + "the maximum: exclude a source or a time span, and withdraw the other exclusions.");
        if (newest.Count > MaxSources)
            throw new ExclusionException(
                ExclusionError.TooMany,
                $"These records have {newest.Count} sources, but an exclusion covers at most {MaxSources}: exclude shorter spans.");
        var (filter, records) = fitting.Single();
        return new Exclusion
        {
            Filter = filter, UpTo = head, Records = records, Newest = [.. newest.Values.OrderBy(identity => identity.Source)],
            Time = Timestamp.FromDateTime(time.GetUtcNow().UtcDateTime),
            By = request.By.Length > ExclusionRequest.MaxName ? request.By[..ExclusionRequest.MaxName] : request.By,
        };
    }

    private void Read(IJournalStore store, long head)
    {
        using var decoder = new EventDecoder();
        RecoveryException? failure = null;
        store.Read(id, 1, head, (in JournalRow row) =>
        {
            if (!decoder.TryDecode(row.Manifest, row.Payload, out var happened, out var error))
            {
                failure = new RecoveryException(id, row.SequenceNumber, error.ToString());
                return false;
            }

            foreach (ref readonly var record in happened.Records)
            {
                foreach (var reading in request.Readings)
                {
                    if (reading.Fits(record)) Note(row.SequenceNumber, record, reading);
                }
            }

            return true;
        });
        if (failure is not null) throw failure;
    }

    private void Note(long sequenceNumber, in Record record, in RecordFilter reading)
    {
        var (source, epoch) = (record.Id.Source, record.Id.Epoch);
        foreach (var one in present?.All ?? [])
        {
            if (!one.Covers(sequenceNumber, record)) continue;
            before = one;
            return;
        }

        var filter = reading.IsId ? reading with { Epoch = epoch } : reading;
        fitting[filter] = fitting.GetValueOrDefault(filter) + 1;
        if (!record.Id.IsSequenced) return;
        if (!newest.TryGetValue(source, out var known) || (epoch, record.Id.Seq).CompareTo((known.Epoch, known.Seq)) > 0)
            newest[source] = record.Id;
    }
}
