namespace ActorTrading.Lab.Chaos;

/// <summary>Stops and restarts a PostgreSQL server, alternately in order and like a power failure.</summary>
internal sealed class OwnPostgresGate(OwnPostgres server) : IJournalGate
{
    private int shut;

    public string? Postgres => server.Address;

    public string Fault => IsInOrder ? "journal stopped" : "journal crashed";

    private bool IsInOrder => shut % 2 == 0;

    public async Task ShutAsync(CancellationToken cancellation)
    {
        var inOrder = IsInOrder;
        shut++;
        await server.StopAsync(inOrder, cancellation);
    }

    public Task OpenAsync() => server.StartAsync(CancellationToken.None);

    public void Dispose()
    {
    }
}
