namespace ActorTrading.Lab.Chaos;

/// <summary>The way of all nodes to their journal, which can be shut.</summary>
internal interface IJournalGate : IDisposable
{
    /// <summary>The address that nodes are given; null for a file in the folder of the cluster.</summary>
    string? Postgres { get; }

    /// <summary>What the next shutting is called.</summary>
    string Fault { get; }

    /// <summary>From now on nothing can be written.</summary>
    Task ShutAsync(CancellationToken cancellation);

    /// <summary>Everything can be written again.</summary>
    Task OpenAsync();
}
