namespace ActorTrading.Wire.Events;

/// <summary>
/// How a journal names what a payload holds. The number at the end is the layout's: a new layout gets a new name,
/// and the old one is read for ever.
/// </summary>
public static class EventManifests
{
    /// <summary>
    /// The serializer id under which journals with the layout of Akka.Persistence.Sql keep these payloads
    /// (column <c>identifier</c>). Above 40, which Akka.NET keeps for itself; never to be changed.
    /// </summary>
    public const int SerializerId = 7421;

    /// <summary>Ticks of one symbol were accepted.</summary>
    public const string TicksAccepted = "ta1";

    /// <summary>Records of one symbol, of any kinds, were accepted.</summary>
    public const string RecordsAccepted = "ra1";

    /// <summary>Exchange time has come to a moment.</summary>
    public const string ClockAdvanced = "ca1";

    /// <summary>A symbol was deleted; as a snapshot: the state just after that, by any plan. See <see cref="DeletionCodec"/>.</summary>
    public const string SymbolDeleted = "sd1";

    /// <summary>A symbol's state up to an event; see <see cref="Snapshots.SnapshotCodec"/>.</summary>
    public const string Snapshot = "ss1";

    /// <summary>A rule fired; an entry of the signal log. See <see cref="SignalCodec"/>.</summary>
    public const string Signal = "sg1";

    /// <summary>What is known after reading the signal log up to a position; see <see cref="Snapshots.SignalLogCodec"/>.</summary>
    public const string SignalLog = "sl1";

    /// <summary>The list of subscribed symbols changed. See <see cref="SubscriptionCodec"/>.</summary>
    public const string Subscription = "su1";

    /// <summary>The plan changed. See <see cref="PlanCodec"/>.</summary>
    public const string Plan = "pl1";

    /// <summary>Accepted records of a symbol are folded no more, or again. See <see cref="ExclusionCodec"/>.</summary>
    public const string Exclusion = "ex1";

    /// <summary>The first byte of every payload: the revision within the manifest.</summary>
    internal const byte Version = 1;

    /// <summary>The revision of records and signals that count other units than 1e-8, and of bars with volumes beyond 64 bits.</summary>
    internal const byte UnitsVersion = 2;
}
