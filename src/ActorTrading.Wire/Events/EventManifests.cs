namespace ActorTrading.Wire.Events;

/// <summary>
/// Manifests: the type names of payloads in a journal. The number at the end is the version of the layout. A new layout gets a new name;
/// old layouts stay readable.
/// </summary>
public static class EventManifests
{
    /// <summary>
    /// The serializer id of these payloads in journals with the layout of Akka.Persistence.Sql (column <c>identifier</c>). Above 40, since
    /// Akka.NET reserves the ids up to 40. Never change it.
    /// </summary>
    public const int SerializerId = 7421;

    /// <summary>Ticks of one symbol were accepted.</summary>
    public const string TicksAccepted = "ta1";

    /// <summary>Records of one symbol, of any kinds, were accepted.</summary>
    public const string RecordsAccepted = "ra1";

    /// <summary>Exchange time advanced to a moment.</summary>
    public const string ClockAdvanced = "ca1";

    /// <summary>
    /// A symbol was deleted; as a snapshot: the state directly after the deletion, for any plan. See <see cref="DeletionCodec"/>.
    /// </summary>
    public const string SymbolDeleted = "sd1";

    /// <summary>A symbol's state up to an event; see <see cref="Snapshots.SnapshotCodec"/>.</summary>
    public const string Snapshot = "ss1";

    /// <summary>A rule fired; an entry of the signal log. See <see cref="SignalCodec"/>.</summary>
    public const string Signal = "sg1";

    /// <summary>The index of the signal log up to a position; see <see cref="Snapshots.SignalLogCodec"/>.</summary>
    public const string SignalLog = "sl1";

    /// <summary>The list of subscribed symbols changed. See <see cref="SubscriptionCodec"/>.</summary>
    public const string Subscription = "su1";

    /// <summary>The plan changed. See <see cref="PlanCodec"/>.</summary>
    public const string Plan = "pl1";

    /// <summary>An exclusion of accepted records of a symbol was added or removed. See <see cref="ExclusionCodec"/>.</summary>
    public const string Exclusion = "ex1";

    /// <summary>The first byte of every payload: the revision within the manifest.</summary>
    internal const byte Version = 1;

    /// <summary>The revision of records and signals in units other than 1e-8, and of bars with volumes beyond 64 bits.</summary>
    internal const byte UnitsVersion = 2;
}
