namespace ActorTrading.Lab.Chaos;

/// <summary>Controls the access of all nodes to their journal.</summary>
internal interface IJournalGate : IDisposable
{
    /// <summary>The address of the journal for the nodes; null for a file in the folder of the cluster.</summary>
    string? Postgres { get; }

    /// <summary>The name of the next outage.</summary>
    string Fault { get; }

    /// <summary>Blocks writing to the journal.</summary>
    Task ShutAsync(CancellationToken cancellation);

    /// <summary>Allows writing again.</summary>
    Task OpenAsync();
}
