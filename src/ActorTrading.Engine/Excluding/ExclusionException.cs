namespace ActorTrading.Engine.Excluding;

/// <summary>Why an exclusion, or the end of an exclusion, was refused.</summary>
public enum ExclusionError
{
    /// <summary>No record of that symbol was ever accepted.</summary>
    UnknownSymbol,

    /// <summary>No accepted record matches.</summary>
    NoSuchRecord,

    /// <summary>The id matches several records; the message names them.</summary>
    AmbiguousId,

    /// <summary>The symbol has the maximum number of exclusions, or this one would cover records of too many sources.</summary>
    TooMany,

    /// <summary>The symbol has no exclusion with that number (any more).</summary>
    UnknownExclusion,
}

/// <summary>An exclusion, or the end of an exclusion, was refused; nothing was changed.</summary>
public sealed class ExclusionException(ExclusionError refusal, string message) : Exception(message)
{
    /// <summary>The reason.</summary>
    public ExclusionError Error { get; } = refusal;
}
