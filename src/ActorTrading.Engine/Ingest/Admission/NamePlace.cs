using ActorTrading.Domain.Values;
using ActorTrading.Engine.Ingest.Access;

namespace ActorTrading.Engine.Ingest.Admission;

/// <summary>Source of the record that introduced a new name, and its caller (<see cref="Grant.Key"/>; null without access rules).</summary>
internal readonly record struct NameOpener(Source Source, string? Caller);

/// <summary>Limits of the number of names: in total, per source, and per caller.</summary>
internal readonly record struct NameLimits(long InAll, long PerSource, long PerCaller);

/// <summary>Whether a name is known, or may be added.</summary>
internal enum NameVerdict : byte
{
    /// <summary>The name is known.</summary>
    Known,

    /// <summary>The name is new, and the batch holds a place for it.</summary>
    Held,

    /// <summary>The name is new, and the total limit is reached.</summary>
    TooManyInAll,

    /// <summary>The name is new, and its source has reached its limit.</summary>
    TooManyOfSource,

    /// <summary>The name is new, and its caller has reached its limit.</summary>
    TooManyOfCaller,
}

/// <summary>The place of a name. Changed only under the gate of its <see cref="NameRegistry{T}"/>.</summary>
internal sealed class NamePlace<T>(T name, NameOpener? opener)
{
    private volatile bool isKnown;

    public T Name => name;

    /// <summary>Source and caller that added the name; null if it existed before.</summary>
    public NameOpener? Opener => opener;

    /// <summary>Whether a record with the name was accepted. Thread-safe.</summary>
    public bool IsKnown
    {
        get => isKnown;
        set => isKnown = value;
    }

    /// <summary>Number of batches in progress that hold the place.</summary>
    public int Holders { get; set; }

    /// <summary>Number of the last reading of the engine's names that had started when the name became known.</summary>
    public long Reading { get; set; }
}
