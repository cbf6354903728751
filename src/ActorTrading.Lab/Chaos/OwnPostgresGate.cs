namespace ActorTrading.Lab.Chaos;

/// <summary>A server that is stopped and started: in turn as its owner would, and as a loss of power would.</summary>
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
