namespace ActorTrading.Engine.Ingest.Access;

/// <summary>Result of reloading the file of access rules: the changed rules, by name, or the problem that prevented the reload.</summary>
public sealed record AccessReload
{
    /// <summary>Why the old rules stay in force; null if the new rules are in force.</summary>
    public string? Problem { get; init; }

    /// <summary>Rules for callers that had no rule before.</summary>
    public IReadOnlyList<string> Added { get; init; } = [];

    /// <summary>Rules that were removed.</summary>
    public IReadOnlyList<string> Removed { get; init; } = [];

    /// <summary>Rules with changed rights or a changed name.</summary>
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
