namespace ActorTrading.Lab.Crashing;

/// <summary>A sequence of texts, reduced to their count and an order-dependent hash (64-bit FNV-1a).</summary>
internal struct Trail()
{
    private const ulong Prime = 1_099_511_628_211;

    private ulong hash = 14_695_981_039_346_656_037;

    /// <summary>Number of texts.</summary>
    public long Count { get; private set; }

    public void Add(string text)
    {
        foreach (var c in text) hash = (hash ^ c) * Prime;
        hash = (hash ^ '\n') * Prime;
        Count++;
    }

    public readonly bool IsSame(in Trail other) => hash == other.hash && Count == other.Count;
}
