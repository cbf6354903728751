namespace ActorTrading.Engine.Ingest;

/// <summary>What a new version of the file of access rules changes, by the names of its rules; or why it changes nothing.</summary>
public sealed record AccessReload
{
    /// <summary>Why the rules of before go on to hold; null: the new ones hold.</summary>
    public string? Problem { get; init; }

    /// <summary>Rules for callers that had none.</summary>
    public IReadOnlyList<string> Added { get; init; } = [];

    /// <summary>Rules that are there no more.</summary>
    public IReadOnlyList<string> Removed { get; init; } = [];

    /// <summary>Rules with other rights, or another name.</summary>
    public IReadOnlyList<string> Changed { get; init; } = [];

    internal static AccessReload Between(AccessTable before, AccessTable after) => new()
    {
        Added = Names(after.Grants.Where(grant => !before.Grants.ContainsKey(grant.Key))),
        Removed = Names(before.Grants.Where(grant => !after.Grants.ContainsKey(grant.Key))),
        Changed = Names(after.Grants.Where(grant => before.Texts.TryGetValue(grant.Key, out var text) && text != after.Texts[grant.Key])),
    };

    private static string[] Names(IEnumerable<KeyValuePair<string, Grant>> grants) =>
        [.. grants.Select(grant => grant.Value.Name).Order(StringComparer.Ordinal)];
}
