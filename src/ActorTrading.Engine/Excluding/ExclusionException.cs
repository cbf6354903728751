namespace ActorTrading.Engine.Excluding;

/// <summary>Why an exclusion, or the end of one, is refused.</summary>
public enum ExclusionRefusal
{
    /// <summary>Nothing of that symbol was ever accepted.</summary>
    UnknownSymbol,

    /// <summary>No accepted record fits.</summary>
    NoSuchRecord,

    /// <summary>An id names several records; the message names them.</summary>
    AmbiguousId,

    /// <summary>The symbol has as many exclusions as it may have, or this one would cover records of too many sources.</summary>
    TooMany,

    /// <summary>The symbol has no exclusion with that number (any more).</summary>
    UnknownExclusion,
}

/// <summary>An exclusion, or the end of one, is refused, and nothing was changed.</summary>
public sealed class ExclusionException(ExclusionRefusal refusal, string message) : Exception(message)
{
    /// <summary>Why.</summary>
    public ExclusionRefusal Refusal { get; } = refusal;
}
