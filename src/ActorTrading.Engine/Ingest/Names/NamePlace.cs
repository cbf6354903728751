using ActorTrading.Domain.Values;

namespace ActorTrading.Engine.Ingest.Names;

/// <summary>Source of the record that brought a new name, and its caller (<see cref="Grant.Key"/>; null without access rules).</summary>
internal readonly record struct NameOpener(Source Source, string? Caller);

/// <summary>How many names there may be: in all, brought by one source, and brought by one caller.</summary>
internal readonly record struct NameLimits(long InAll, long PerSource, long PerCaller);

/// <summary>Whether there is a place for a name.</summary>
internal enum NameVerdict : byte
{
    /// <summary>It is known.</summary>
    Known,

    /// <summary>It is new, and the batch holds a place for it.</summary>
    Held,

    /// <summary>It is new, and there are as many names as there may be.</summary>
    TooManyInAll,

    /// <summary>It is new, and its source has brought as many as it may.</summary>
    TooManyOfSource,

    /// <summary>It is new, and its caller has brought as many as it may.</summary>
    TooManyOfCaller,
}

/// <summary>The place of a name. Changed only under the gate of its <see cref="NameRegistry{T}"/>.</summary>
internal sealed class NamePlace<T>(T name, NameOpener? opener)
{
    private volatile bool isKnown;

    public T Name => name;

    /// <summary>Who brought it; null where it was there before.</summary>
    public NameOpener? Opener => opener;

    /// <summary>Whether a record of it was accepted. Any thread may ask.</summary>
    public bool IsKnown
    {
        get => isKnown;
        set => isKnown = value;
    }

    /// <summary>How many batches under way hold it.</summary>
    public int Holders { get; set; }

    /// <summary>The reading of the engine's names that was under way, or over, when it became known.</summary>
    public long Reading { get; set; }
}
